import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readShellScript, renderShellScripts } from '../../../../scripts/generate-shell-scripts.ts';
import {
  INIT_DIRS_SCRIPT,
  MOUNT_SCRIPT,
  PROBE_SCRIPT,
  READY_MARKER,
} from '../../../../src/plan/scripts/shell-scripts.ts';
import { hasProgram, testWithout } from '../../../support/required-program.ts';

const scripts = [
  { file: 'mount.sh', text: MOUNT_SCRIPT, maxBytes: 5632 },
  { file: 'init-dirs.sh', text: INIT_DIRS_SCRIPT, maxBytes: 4096 },
  { file: 'probe.sh', text: PROBE_SCRIPT, maxBytes: 1200 },
];

test('the generated texts are those of the .sh files (else: node scripts/generate-shell-scripts.ts)', () => {
  for (const [file, text] of Object.entries(renderShellScripts())) {
    expect(readFileSync(`src/${file}`, 'utf8')).toBe(text);
  }
});

test('the ready marker is the file that init-dirs writes', () => {
  expect(INIT_DIRS_SCRIPT).toContain(`marker=\${MEDIA_STACK_READY_MARKER:-${READY_MARKER}}\n`);
});

describe.each(scripts)('$file', ({ file, text, maxBytes }) => {
  test('says what it is in its first line', () => {
    expect(text.split('\n')[0]).toMatch(new RegExp(`^# media-stack ${file}: `));
  });

  test('holds no other comment and no blank line', () => {
    const [, ...rest] = text.trimEnd().split('\n');
    expect(rest.filter((line) => /^\s*(#|$)/.test(line))).toEqual([]);
  });

  test.each([
    ['a reference that the kubelet would expand', '$('],
    ['an escape that the kubelet would halve', '$$'],
    ['a signal to every process of a shared PID namespace', 'kill -1'],
    ['a claim about PID 1', '/proc/1'],
    ['a command substitution', '`'],
  ])('holds no trace of %s', (_, token) => {
    expect(text).not.toContain(token);
  });

  test(`stays under ${maxBytes} bytes`, () => {
    expect(Buffer.byteLength(text)).toBeLessThan(maxBytes);
  });

  if (hasProgram('shellcheck')) {
    test('is clean for shellcheck', () => {
      const result = spawnSync('shellcheck', ['--shell=sh', '-'], {
        input: readShellScript(`plan/scripts/${file}`),
        encoding: 'utf8',
      });
      expect(result.stdout + result.stderr).toBe('');
    });
  } else {
    testWithout('shellcheck');
  }
});
