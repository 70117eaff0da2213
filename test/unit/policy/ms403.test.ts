import { describe, expect, it } from 'vitest';
import { handInitDirs, handSidecar, injected, labelledPod, ONLY_ZURG } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const problems = (fields: Fields, spec: Fields = {}) =>
  problemsOfTemplate(
    labelledPod({ initContainers: [handInitDirs(), handSidecar('zurg', fields)], ...spec }),
    { settings: ONLY_ZURG },
  );

const MOUNT = ['mount', 'zurg:', '/mnt/media/zurg', '--read-only'];
const OPEN = ['--rc', '--rc-no-auth'];
const problem = (address: string, field = 'args') => ({
  code: 'MS403',
  level: 'warn',
  path: `spec.initContainers[1].${field}`,
  message: `mount sidecar rclone-zurg has its remote control without a password on "${address}"`,
  hint: 'Take --rc away. Where it is needed: --rc-addr=localhost:5572, or rc: socket in the settings of media-stack.',
});

describe('MS403', () => {
  it.each([
    ':5572',
    '0.0.0.0:5572',
    '10.0.0.1:5572',
    '[::]:5572',
    'localhosts:5572',
    '[::2]:1',
    '10.127.0.1:1',
  ])('warns of an open remote control on %s', (address) => {
    expect(problems({ args: [...MOUNT, ...OPEN, `--rc-addr=${address}`] })).toEqual([problem(address)]);
    expect(problems({ args: [...MOUNT, ...OPEN, '--rc-addr', address] })).toEqual([problem(address)]);
  });

  it('warns of one of several addresses', () => {
    const flags = ['--rc-addr=:5572', '--rc-addr', 'localhost:5573'];
    expect(problems({ args: [...MOUNT, ...OPEN, ...flags] })).toEqual([problem(':5572')]);
  });

  it('warns of it in a shell text', () => {
    const command = ['sh', '-c', `rclone ${MOUNT.join(' ')} ${OPEN.join(' ')} --rc-addr=:5572`];
    expect(problems({ args: undefined, command })).toEqual([problem(':5572', 'command')]);
  });

  it.each<[string, string[]]>([
    ['on localhost', [...OPEN, '--rc-addr=localhost:5572']],
    ['on localhost of the default port', [...OPEN, '--rc-addr=localhost']],
    ['on 127.0.0.1', [...OPEN, '--rc-addr=127.0.0.1:5572']],
    ['on [::1]', [...OPEN, '--rc-addr=[::1]:5572']],
    ['on a socket', [...OPEN, '--rc-addr=unix:///run/rclone.sock']],
    ['on a path', [...OPEN, '--rc-addr=/run/rclone.sock']],
    ['where rclone puts it', OPEN],
    ['with a password', ['--rc', '--rc-user=me', '--rc-addr=:5572']],
    ['that is switched off', ['--rc=false', '--rc-no-auth', '--rc-addr=:5572']],
    ['that is not asked for', ['--rc-no-auth', '--rc-addr=:5572']],
    ['whose lack of a password is switched off', ['--rc', '--rc-no-auth=false', '--rc-addr=:5572']],
  ])('lets a remote control be %s', (_name, flags) => {
    expect(problems({ args: [...MOUNT, ...flags] })).toEqual([]);
  });

  it('lets a script be that hides its command, and what is injected', () => {
    expect(problems({ args: undefined, command: ['/run.sh'] })).toEqual([]);
    expect(problemsOfPod(injected(labelledPod()))).toEqual([]);
  });
});
