import { describe, expect, it } from 'vitest';
import { READY_MARKER } from '../../../src/plan/scripts/shell-scripts.ts';
import { mediaPathConflict } from '../../../src/settings/container-paths.ts';

describe('the media path', () => {
  it.each(['/mnt/media', '/data', '/media', '/opt/media', '/var/lib/media'])('may be %s', (path) => {
    expect(mediaPathConflict(path)).toBeNull();
  });

  it.each(['/config', '/config/rclone', '/config/rclone/media', '/cache', '/run/rclone', '/tmp'])(
    'may not be %s: the sidecars use what is there',
    (path) => {
      expect(mediaPathConflict(path)).toMatch(/^the sidecars use /);
    },
  );

  // The token would lie inside the shared media volume, and be seen by the node and every pod of the volume.
  it.each(['/run', '/run/secrets', '/var/run', '/var/run/secrets', '/var/run/secrets/kubernetes.io'])(
    'may not be %s: the token of the ServiceAccount is mounted below it',
    (path) => {
      expect(mediaPathConflict(path)).toMatch(/^the sidecars use /);
    },
  );

  it.each(['/usr', '/usr/bin', '/usr/bin/x', '/etc', '/proc', '/dev/shm', '/lib', '/var'])(
    'may not be %s: the system is there',
    (path) => {
      expect(mediaPathConflict(path)).toBe('the system of the container is there');
    },
  );

  it('may not hide the marker that init-dirs writes', () => {
    expect(mediaPathConflict(READY_MARKER)).toBe(`the sidecars use ${READY_MARKER}`);
  });
});
