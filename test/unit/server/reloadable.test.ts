import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FolderWatch } from '../../../src/server/file-watch.ts';
import { inotifyWatches, onLinux } from '../../support/inotify-watches.ts';
import { startReloadable } from '../../../src/server/reloadable.ts';
import type { Parsed, Reloadable, ReloadableOptions, Started } from '../../../src/server/reloadable.ts';

const NEVER_MS = 3_600_000;
const noWatch = (): FolderWatch => ({ rearm: async () => {}, stop: () => {} });

let folder: string;
let sources: Reloadable<string>[];
let events: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-test-'));
  sources = [];
  events = [];
});
afterEach(() => {
  for (const source of sources) source.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Content that starts with `bad` does not parse. */
function parseWord(bytes: Buffer | undefined, file: string): Parsed<string> {
  const text = String(bytes);
  if (!text.startsWith('bad')) return { ok: true, value: text };
  const problem = {
    code: 'word-bad',
    level: 'deny',
    path: 'word',
    message: `found "${text}"`,
    hint: 'Write good',
  } as const;
  return { ok: false, problems: [{ ...problem, position: { file, line: 1, column: 1 } }] };
}

async function start(options: Partial<ReloadableOptions<string>> = {}): Promise<Started<Reloadable<string>>> {
  const file = join(folder, 'word');
  const note = (level: string) => (fields: object, message: string) => {
    const problems = 'problems' in fields ? ` ${String(fields.problems)}` : '';
    events.push(`${level}: ${message}${problems.replaceAll(folder, '')}`);
  };
  const started = await startReloadable<string>({
    what: 'word',
    files: [file],
    readFile,
    parse: (bytes) => parseWord(bytes.get(file), file),
    onChange: (value) => events.push(`change: ${value}`),
    onReload: (result) => events.push(result),
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    pollMs: NEVER_MS,
    watch: noWatch,
    ...options,
  });
  if (started.ok) sources.push(started.source);
  return started;
}

async function startGood(options: Partial<ReloadableOptions<string>> = {}): Promise<Reloadable<string>> {
  write('one');
  const started = await start(options);
  if (!started.ok) throw new Error(JSON.stringify(started.problems));
  events = [];
  return started.source;
}

const write = (text: string): void => writeFileSync(join(folder, 'word'), text);

describe('the first load', () => {
  it('gives the value and counts one success', async () => {
    write('one');
    const started = await start();
    expect(started.ok && started.source.current()).toBe('one');
    expect(events).toEqual(['success']);
  });

  it('gives the problems of bad content', async () => {
    write('bad');
    const started = await start();
    expect(started).toMatchObject({ ok: false, problems: [{ code: 'word-bad', path: 'word' }] });
    expect(events).toEqual(['failure']);
  });

  it('names each file that cannot be read', async () => {
    mkdirSync(join(folder, 'other'));
    const started = await start({ files: [join(folder, 'word'), join(folder, 'other')] });
    expect(
      !started.ok && started.problems.map(({ path, message }) => `${path.slice(folder.length)} ${message}`),
    ).toEqual([
      '/word the file cannot be read: there is no such file',
      '/other the file cannot be read: it is a folder',
    ]);
  });

  it('leaves nothing running when it fails', async () => {
    const watch = vi.fn(noWatch);
    const read = vi.fn((file: string) => readFile(file));
    await start({ watch, readFile: read, pollMs: 5 });
    const reads = read.mock.calls.length;
    await sleep(50);
    expect(watch).not.toHaveBeenCalled();
    expect(read).toHaveBeenCalledTimes(reads);
  });
});

describe('a later look', () => {
  it('parses nothing while the bytes are the same', async () => {
    const parse = vi.fn((): Parsed<string> => ({ ok: true, value: 'x' }));
    const source = await startGood({ parse });
    parse.mockClear();
    write('one');
    await source.check();
    expect(parse).not.toHaveBeenCalled();
    expect(events).toEqual([]);
  });

  it('takes other bytes', async () => {
    const source = await startGood();
    write('two');
    await source.check();
    expect(source.current()).toBe('two');
    expect(events).toEqual(['change: two', 'success', 'info: reloaded']);
  });

  it('keeps the last good value of bad content, says once where it is bad, and recovers', async () => {
    const source = await startGood();
    write('bad!');
    await source.check();
    await source.check();
    expect(source.current()).toBe('one');
    expect(source.problems()).toMatchObject([{ code: 'word-bad' }]);
    expect(events).toEqual([
      'failure',
      'error: reload failed, the last good one stays in use /word:1:1: word-bad word: found "bad!". Write good',
    ]);
    write('bad again');
    await source.check();
    expect(events.filter((event) => event === 'failure')).toHaveLength(2);
    write('one');
    await source.check();
    expect(source.problems()).toEqual([]);
    expect(events.slice(-2)).toEqual(['success', 'info: reloaded']);
  });

  it('keeps the last good value when the file is gone, and when it comes back', async () => {
    const source = await startGood();
    rmSync(join(folder, 'word'));
    await source.check();
    expect(source.current()).toBe('one');
    expect(source.problems()).toMatchObject([{ code: 'file-unreadable' }]);
    write('two');
    await source.check();
    expect(source.current()).toBe('two');
    expect(source.problems()).toEqual([]);
  });

  it('keeps the old value where the new one cannot be put to use', async () => {
    const source = await startGood({
      onChange: () => {
        throw new Error('ee key too small');
      },
    });
    write('two');
    await source.check();
    expect(source.current()).toBe('one');
    expect(source.problems()[0]?.message).toBe('the content was not taken: ee key too small');
    expect(events[0]).toBe('failure');
  });

  it('survives a parser and a log that throw', async () => {
    let broken = false;
    const source = await startGood({
      parse: (bytes) => {
        if (broken) throw new Error('a bug');
        return parseWord(bytes.get(join(folder, 'word')), 'word');
      },
      onReload: () => {
        if (broken) throw new Error('another bug');
      },
    });
    broken = true;
    write('two');
    await source.check();
    expect(source.current()).toBe('one');
    broken = false;
    await source.check();
    expect(source.current()).toBe('two');
  });

  it('reads all files as of one moment, though they change between two reads', async () => {
    const states = ['a1 b1', 'a1 b2', 'a2 b2', 'a2 b2'].map((state) => state.split(' '));
    let reads = 0;
    const files = ['a', 'b'];
    const started = await start({
      files,
      readFile: async (file) => Buffer.from(states[Math.min(reads++ >> 1, 3)]?.[files.indexOf(file)] ?? ''),
      parse: (bytes) => ({ ok: true, value: [...bytes.values()].join(' ') }),
    });
    expect(started.ok && started.source.current()).toBe('a2 b2');
  });
});

describe('what is noticed by itself', () => {
  // One mechanism each: the poll without a watch, and the watch without a poll.
  const BY_WATCH = { pollMs: NEVER_MS, watch: undefined };
  const BY_POLL = { pollMs: 10, watch: noWatch };

  it.each([
    { by: 'the watch', options: BY_WATCH },
    { by: 'the poll', options: BY_POLL },
  ])('$by sees a file that is written', async ({ options }) => {
    const source = await startGood(options);
    write('two');
    await vi.waitFor(() => expect(source.current()).toBe('two'), { timeout: 5000 });
  });

  it.each([
    { by: 'the watch', options: BY_WATCH },
    { by: 'the poll', options: BY_POLL },
  ])('$by sees the kubelet swap ..data, and never a mixture', async ({ options }) => {
    const volume = join(folder, 'volume');
    mkdirSync(volume);
    publish(volume, 'v1', { a: 'a1', b: 'b1' });
    symlinkSync('..data/a', join(volume, 'a'));
    symlinkSync('..data/b', join(volume, 'b'));
    const seen: string[] = [];
    const started = await start({
      files: [join(volume, 'a'), join(volume, 'b')],
      parse: (bytes) => ({ ok: true, value: [...bytes.values()].join(' ') }),
      onChange: (value) => seen.push(value),
      ...options,
    });
    const source = started.ok ? started.source : undefined;
    expect(source?.current()).toBe('a1 b1');
    for (const version of [2, 3]) {
      publish(volume, `v${version}`, { a: `a${version}`, b: `b${version}` });
      rmSync(join(volume, `..v${version - 1}`), { recursive: true });
      await vi.waitFor(() => expect(source?.current()).toBe(`a${version} b${version}`), { timeout: 5000 });
    }
    expect(seen).toEqual(['a2 b2', 'a3 b3']);
  });

  it('a folder that vanishes and comes back is watched again', async () => {
    const inner = join(folder, 'inner');
    const file = join(inner, 'word');
    const recreate = (text: string): void => {
      mkdirSync(inner);
      writeFileSync(file, text);
    };
    recreate('one');
    const parse: ReloadableOptions<string>['parse'] = (bytes) => parseWord(bytes.get(file), file);
    const started = await start({ files: [file], parse, watch: undefined, pollMs: 20 });
    const source = started.ok ? started.source : undefined;
    for (const word of ['two', 'three']) {
      rmSync(inner, { recursive: true });
      await vi.waitFor(() => expect(source?.problems()).toMatchObject([{ code: 'file-unreadable' }]), {
        timeout: 5000,
      });
      recreate(word);
      await vi.waitFor(() => expect(source?.current()).toBe(word), { timeout: 5000 });
      expect(source?.problems()).toEqual([]);
    }
  });
});

describe('stop', () => {
  it('ends the poll and the watch, and changes nothing any more', async () => {
    const before = inotifyWatches();
    const read = vi.fn((file: string) => readFile(file));
    const source = await startGood({ readFile: read, watch: undefined, pollMs: 5 });
    expect(inotifyWatches()).toBe(before + onLinux);
    write('two');
    source.stop();
    expect(inotifyWatches()).toBe(before);
    await sleep(50);
    const reads = read.mock.calls.length;
    await source.check();
    await sleep(80);
    expect(read).toHaveBeenCalledTimes(reads);
    expect(source.current()).toBe('one');
    expect(events).toEqual([]);
  });
});

/** As kubernetes/pkg/volume/util/atomic_writer.go does it: a folder per version, `..data` renamed over the old one. */
function publish(volume: string, version: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(volume, `..${version}`));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(volume, `..${version}`, name), text);
  symlinkSync(`..${version}`, join(volume, '..data_tmp'));
  renameSync(join(volume, '..data_tmp'), join(volume, '..data'));
}
