import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { uninjectFile } from '../../src/cli/manifest-injection.ts';
import { defaultSettings, parseSettings } from '../../src/settings/parse-settings.ts';
import { injectText, judgeText } from './injected-manifest.ts';
import { ROOT } from './markdown-blocks.ts';

const manifests = readdirSync(`${ROOT}examples`).filter((name) => name.endsWith('.yaml'));

describe.each(manifests)('examples/%s', (name) => {
  const text = readFileSync(`${ROOT}examples/${name}`, 'utf8');

  it('is injected with both remotes', () => {
    const { workloads, problems } = injectText(text);
    expect(problems).toEqual([]);
    expect(workloads.map(({ outcome, detail }) => [outcome, detail])).toEqual([['injected', 'zurg, torbox']]);
  });

  it('has nothing that a rule refuses or warns of', () => {
    expect(judgeText(text)).toEqual([]);
  });

  it('is unchanged by a second injection', () => {
    const { after } = injectText(text);
    expect(injectText(after).after).toBe(after);
  });

  it('comes back from uninject byte for byte', () => {
    const { after } = injectText(text);
    expect(uninjectFile({ file: name, text: after }).after).toBe(text);
  });
});

describe('examples/wow-ocp/settings.yaml', () => {
  it('is a settings file that changes nodes and platform only', () => {
    const file = 'examples/wow-ocp/settings.yaml';
    expect(parseSettings(readFileSync(ROOT + file, 'utf8'), file)).toEqual({
      ok: true,
      settings: {
        ...defaultSettings(),
        preferredNodes: ['wow-ocp-node2', 'wow-ocp-node3'],
        platform: 'openshift',
      },
    });
  });
});
