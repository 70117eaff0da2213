import { afterEach, expect, it } from 'vitest';

import type { Reloadable, Started } from '../../../src/server/reloadable.ts';
import { fixedSettings, startSettingsSource } from '../../../src/server/settings-source.ts';
import { parseSettings } from '../../../src/settings/parse-settings.ts';
import type { Settings } from '../../../src/settings/schema.ts';

let content: Buffer;
let errors: string[] = [];
let source: Reloadable<Settings> | undefined;
afterEach(() => {
  source?.stop();
  source = undefined;
  errors = [];
});

async function start(text: string): Promise<Started<Reloadable<Settings>>> {
  content = Buffer.from(text);
  const started = await startSettingsSource({
    file: '/etc/media-stack/settings.yaml',
    readFile: async () => content,
    parse: parseSettings,
    log: {
      info: () => {},
      warn: () => {},
      error: (fields) => errors.push(...('problems' in fields ? (fields.problems as string[]) : [])),
    },
    pollMs: 3_600_000,
    watch: () => ({ rearm: async () => {}, stop: () => {} }),
  });
  if (started.ok) source = started.source;
  return started;
}

it('reads the settings, and reads them again when they change', async () => {
  await start('preferredNodes: [node2]\n');
  expect(source?.current().preferredNodes).toEqual(['node2']);
  content = Buffer.from('preferredNodes: [node3]\n');
  await source?.check();
  expect(source?.current().preferredNodes).toEqual(['node3']);
});

it('keeps good settings, and logs file, line and column of bad ones', async () => {
  await start('preferredNodes: [node2]\n');
  content = Buffer.from('# a typo\npreferedNodes: [node3]\n');
  await source?.check();
  expect(source?.current().preferredNodes).toEqual(['node2']);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/^\/etc\/media-stack\/settings\.yaml:2:1: settings-unknown-key preferedNodes: /);
});

it('gives the problems of bad settings at the start', async () => {
  const started = await start('preferedNodes: [node3]\n');
  expect(!started.ok && started.problems[0]?.position).toEqual({
    file: '/etc/media-stack/settings.yaml',
    line: 1,
    column: 1,
  });
});

it('says that text in another encoding is not UTF-8', async () => {
  await start('');
  content = Buffer.from([0xff, 0xfe, 0x61, 0x00]);
  await source?.check();
  expect(errors).toEqual([
    '/etc/media-stack/settings.yaml:1:1: settings-not-utf8 the settings are not UTF-8 text (4 bytes). ' +
      'Convert them: iconv -t UTF-8 /etc/media-stack/settings.yaml',
  ]);
});

it('fixed settings stay as they are', async () => {
  const fixed = fixedSettings({ a: 1 });
  await fixed.check();
  expect(fixed.current()).toEqual({ a: 1 });
  expect(fixed.problems()).toEqual([]);
});
