import { describe, expect, it } from 'vitest';
import { known } from '../../../src/diagnose/known.ts';
import { LOG_PATTERNS, matchLine, matchLogLines } from '../../../src/diagnose/match-log-lines.ts';
import { parseRcloneConfig } from '../../../src/diagnose/rclone-config.ts';
import { codesOf, handWritten, injected, LABELLED, runCheck } from './some-facts.ts';

describe('a known line', () => {
  // As rclone 1.75.1, fusermount3 3.14 and mount.sh write them.
  it.each([
    [
      "NOTICE: mount helper error: fusermount3: fuse device not found, try 'modprobe fuse' first",
      'fuse_missing',
    ],
    ['mount helper error: fusermount3: failed to open /dev/fuse: Operation not permitted', 'fuse_refused'],
    ['mount helper error: fusermount3: mount failed: Operation not permitted', 'mount_not_permitted'],
    [
      "fusermount3: option allow_other only allowed if 'user_allow_other' is set in /etc/fuse.conf",
      'allow_other_refused',
    ],
    [
      'Fatal error: directory already mounted, use --allow-non-empty to mount anyway: /mnt/media/zurg',
      'already_mounted',
    ],
    ['Fatal error: "/mnt/media/zurg" is not empty, use --allow-non-empty to mount anyway', 'not_empty'],
    ['cannot open: /mnt/media/zurg: open /mnt/media/zurg: no such file or directory', 'no_mount_point'],
    [
      'fusermount: failed to access mountpoint /mnt/media/zurg: Transport endpoint is not connected',
      'dead_mount_in_the_way',
    ],
    [
      'CRITICAL: Failed to create file system for "zurg:": didn\'t find section in config file ("zurg")',
      'section_missing',
    ],
    ['NOTICE: Config file "/config/rclone/rclone.conf" not found - using defaults', 'config_missing'],
    [
      'Failed to create file system for "zurg:": couldn\'t decrypt password: base64 decode failed when revealing password - is it obscured?',
      'password_not_obscured',
    ],
    ['Fatal error: unknown flag: --vfs-cash-mode', 'unknown_flag'],
    ["IO error: couldn't list files: 401 Unauthorized: 401 Unauthorized", 'wrong_password'],
    [
      'IO error: couldn\'t list files: Propfind "http://h/": dial tcp 127.0.0.1:1: connect: connection refused',
      'server_refuses',
    ],
    ['dial tcp: lookup zurg on 10.0.0.10:53: no such host', 'no_such_host'],
    ['Propfind "http://h/": net/http: timeout awaiting response headers', 'server_silent'],
    ['x509: certificate signed by unknown authority', 'certificate'],
    [
      'Failed to unmount: exit status 1: fusermount3: failed to unmount /mnt/media/zurg: Device or resource busy',
      'unmount_busy',
    ],
    [
      'media-stack-mount: rclone at /mnt/media/zurg ended with code 137: starting it again',
      'killed_for_memory',
    ],
    ['cannot create /mnt/media/zurg: permission denied to root (NFS root_squash?)', 'root_squash'],
    ['cannot create /mnt/media/zurg: read-only file system', 'read_only_volume'],
  ])('%s', (line, id) => {
    expect(matchLine(line)?.id).toBe(id);
  });

  it.each([
    ['vfs cache: cleaned: objects 0'],
    ['Local file system at /srv: WebDav Server started'],
    ['poll-interval is not supported by this remote'],
  ])('is not: %s', (line) => {
    expect(matchLine(line)).toBeNull();
  });

  it('is found in JSON and in text, counted once per kind, without what stands in its URL', () => {
    const lines = [
      '{"time":"2026-11-25T08:00:00Z","level":"error","msg":"Propfind \\"http://me:secret@h/\\": connection refused"}',
      '2026/11/25 08:00:01 ERROR : /: Propfind "http://me:secret@h/": connection refused',
      'nothing of note',
    ];
    expect(matchLogLines(lines).map(({ pattern, line, count }) => [pattern.id, count, line])).toEqual([
      ['server_refuses', 2, 'ERROR : /: Propfind "http://h/": connection refused'],
    ]);
  });

  it('has a source, a cause and a mend each, and an id of its own', () => {
    for (const { source, cause, mend } of LOG_PATTERNS)
      expect([source, cause, mend.join('')]).not.toContain('');
    expect(new Set(LOG_PATTERNS.map(({ id }) => id)).size).toBe(LOG_PATTERNS.length);
  });
});

describe('log-lines', () => {
  const logs = (container: string, line: string, previous = false) => [
    { container, previous, lines: known([line]) },
  ];

  it('is a failure where the sidecar does not run, and a warning where it runs again', () => {
    const line = "fusermount3: fuse device not found, try 'modprobe fuse' first";
    const status = {
      phase: 'Running',
      containerStatuses: [{ name: 'rclone-zurg', state: { waiting: { reason: 'CrashLoopBackOff' } } }],
    };
    const result = runCheck('log-lines', {
      object: handWritten({ status }),
      logs: logs('rclone-zurg', line),
    });
    expect(result?.findings).toMatchObject([
      { level: 'fail', code: 'fuse_missing', found: `rclone-zurg says: ${line}` },
    ]);
    expect(
      codesOf(runCheck('log-lines', { object: handWritten({}), logs: logs('rclone-zurg', line, true) })),
    ).toEqual(['warn fuse_missing']);
  });

  it('fills in the names of pod, container and Secret', () => {
    const [found] =
      runCheck('log-lines', { object: handWritten({}), logs: logs('rclone-zurg', '401 Unauthorized') })
        ?.findings ?? [];
    expect(found?.mend[1]).toBe(
      'kubectl create secret generic rclone-zurg-config -n media --from-file=rclone.conf=rclone.conf --dry-run=client -o yaml | kubectl replace -f -',
    );
  });
});

describe('secrets', () => {
  const section = { name: 'zurg', type: 'webdav', server: 'http://zurg:9999', hasPassword: true };
  const secret = (keys: string[], sections: object[] = []) => ({
    'rclone-zurg-config': known({ keys, sections: { 'rclone.conf': sections as (typeof section)[] } }),
  });
  const object = handWritten({});

  it('shows section, type and server, and nothing else', () => {
    expect(runCheck('secrets', { object, secrets: secret(['rclone.conf'], [section]) })).toMatchObject({
      status: 'ok',
      looked: 'rclone-zurg-config [zurg] webdav http://zurg:9999',
    });
  });

  it('names a Secret that is missing, a key, and a section', () => {
    expect(
      codesOf(runCheck('secrets', { object, secrets: { 'rclone-zurg-config': { state: 'absent' } } })),
    ).toEqual(['fail secret_missing']);
    expect(runCheck('secrets', { object, secrets: secret(['rclone.config']) })?.findings).toMatchObject([
      {
        code: 'secret_key_missing',
        found: 'Secret rclone-zurg-config has no key rclone.conf; it has rclone.config',
        mend: [
          'Did you mean "rclone.config"?',
          'kubectl create secret generic rclone-zurg-config -n media --from-file=rclone.conf=rclone.conf --dry-run=client -o yaml | kubectl replace -f -',
          'then: kubectl rollout restart deployment/sonarr -n media',
        ],
      },
    ]);
    expect(
      runCheck('secrets', { object, secrets: secret(['rclone.conf'], [{ ...section, name: 'torbox' }]) })
        ?.findings[0],
    ).toMatchObject({
      code: 'section_missing',
      found: 'rclone.conf of Secret rclone-zurg-config has no section [zurg]; it has [torbox]',
    });
  });

  it('asks for those of the settings where the webhook has not added the sidecars', () => {
    const found = runCheck('secrets', {
      object: LABELLED,
      secrets: { 'rclone-config': { state: 'absent' } },
    });
    expect(found?.findings[0]?.found).toBe(
      'there is no Secret rclone-config in namespace media, which torbox needs',
    );
  });

  it('says which right is missing', () => {
    const refused = { state: 'not_allowed', right: 'get secrets -n media' } as const;
    expect(
      runCheck('secrets', { object, secrets: { 'rclone-zurg-config': refused } })?.findings[0]?.mend,
    ).toEqual([
      'ask for it, or let somebody who has it run this command: kubectl auth can-i get secrets -n media',
    ]);
  });
});

describe('an rclone.conf', () => {
  it('gives the names of its sections, type and server alone', () => {
    const text =
      '# mine\n[zurg]\ntype = webdav\nurl = http://me:secret@zurg:9999/dav/?token=x\npass = abc\n\n[ torbox ]\r\ntype=webdav\r\n';
    expect(parseRcloneConfig(text)).toEqual([
      { name: 'zurg', type: 'webdav', server: 'http://zurg:9999', hasPassword: true },
      { name: 'torbox', type: 'webdav', server: null, hasPassword: false },
    ]);
    expect(JSON.stringify(parseRcloneConfig(text))).not.toMatch(/secret|abc|token/);
    expect(parseRcloneConfig('not a config')).toEqual([]);
  });
});

describe('cpu', () => {
  const reading = (cpuCores: number | null) => known({ deviceError: null, cpuCores, seconds: 4 });
  const greedy = injected({
    ...LABELLED,
    metadata: {
      ...(LABELLED['metadata'] as object),
      annotations: {
        'media-stack/vfs-cache-mode': 'full',
        'media-stack/dir-cache-time': '1s',
        'media-stack/poll-interval': '1s',
        'media-stack/remotes': 'zurg',
      },
    },
  });

  it('is known issue 5 where it is measured, with the arguments as the cause', () => {
    expect(runCheck('cpu', { object: greedy, sidecars: { 'rclone-zurg': reading(0.5) } })?.findings).toEqual([
      {
        code: 'high_cpu',
        level: 'fail',
        found: 'rclone-zurg uses 500m of CPU (0.50 cores over 4.0 s)',
        cause:
          '--vfs-cache-mode full: every read is written to a disk cache first; --dir-cache-time 1s: an aggressive interval; --poll-interval 1s: an aggressive interval',
        mend: ['cache mode writes, intervals of a minute, and a CPU limit'],
        yaml: 'metadata:\n  annotations:\n    media-stack/vfs-cache-mode: writes\n    media-stack/dir-cache-time: 60s\n    media-stack/poll-interval: 30s\n    media-stack/cpu-limit: 500m\n',
        symptom: 'high_cpu',
        role: 'cause',
      },
    ]);
  });

  it('is a warning by the arguments alone, and says so', () => {
    const result = runCheck('cpu', { object: greedy });
    expect(result?.looked).toBe('rclone-zurg not measured, judged by its arguments alone');
    expect(result?.findings[0]).toMatchObject({ level: 'warn', code: 'greedy_arguments' });
    expect(result?.findings[0]?.found).toContain('(its CPU was not measured: judged by the arguments alone)');
  });

  it('is a warning for a busy sidecar with moderate arguments, and nothing for one at rest', () => {
    const sidecars = { 'rclone-zurg': reading(0.4), 'rclone-torbox': reading(0.01) };
    const result = runCheck('cpu', { sidecars });
    expect(result?.looked).toBe('rclone-zurg 400m over 4 s, rclone-torbox 10m over 4 s');
    expect(codesOf(result)).toEqual(['warn high_cpu']);
  });

  it('names a missing limit where it is busy', () => {
    const object = handWritten({ sidecar: { resources: {} } });
    expect(runCheck('cpu', { object, sidecars: { 'rclone-zurg': reading(0.4) } })?.findings).toMatchObject([
      { level: 'fail', cause: 'no CPU limit' },
    ]);
  });
});
