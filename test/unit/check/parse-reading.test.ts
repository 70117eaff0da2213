import { describe, expect, it } from 'vitest';
import { parseBackendReading, parseContainerReading } from '../../../src/check/parse-reading.ts';

const TABLE = 'table 8 7 0:9 / /mnt/media/zurg rw master:3 - fuse.rclone zurg: rw';

describe('what check-mounts.sh writes', () => {
  it('is a mount table, and the answers of each mount, in whatever order', () => {
    const output = [
      TABLE,
      '1 statfs-code 0',
      '0 statfs-code 0',
      '0 statfs ',
      '1 statfs ',
      '0 list-code 0',
      '0 list 1423',
      '0 took 100.25 100.50',
      '1 list-code 0',
      '1 list       7',
      '1 took 100.25 100.26',
      '',
    ].join('\n');
    expect(parseContainerReading(output, 2)).toEqual({
      table: [
        {
          at: '/mnt/media/zurg',
          type: 'fuse.rclone',
          source: 'zurg:',
          shared: null,
          master: 3,
          readOnly: false,
        },
      ],
      hasTools: true,
      mounts: [
        { statfs: { outcome: 'ok' }, listing: { answer: { outcome: 'ok' }, entries: 1423, tookMs: 250 } },
        { statfs: { outcome: 'ok' }, listing: { answer: { outcome: 'ok' }, entries: 7, tookMs: 10 } },
      ],
    });
  });

  it.each([
    ["stat: cannot read file system information for '/mnt/media/zurg': Transport endpoint is not connected"],
    ["stat: can't read file system information for '/mnt/media/zurg': Transport endpoint is not connected"],
  ])('has the complaint of the program without its name: %s', (line) => {
    expect(parseContainerReading(`0 statfs-code 1\n0 statfs ${line}\n`, 1).mounts[0]?.statfs).toEqual({
      outcome: 'error',
      message: 'Transport endpoint is not connected',
    });
  });

  it('has no listing where ls complains and counts nothing', () => {
    const output =
      '0 list-code 0\n0 list ls: /mnt/media/zurg/__all__: Input/output error\n0 list 0\n0 took 1.00 1.00\n';
    expect(parseContainerReading(output, 1).mounts[0]?.listing?.answer).toEqual({
      outcome: 'error',
      message: 'Input/output error',
    });
  });

  it('has a listing where ls complains of single entries, or that nobody reads on', () => {
    const output = '0 list-code 0\n0 list ls: write error: Broken pipe\n0 list 25001\n0 took 1.00 3.50\n';
    expect(parseContainerReading(output, 1).mounts[0]?.listing).toEqual({
      answer: { outcome: 'ok' },
      entries: 25_001,
      tookMs: 2500,
    });
  });

  it('knows what was killed when its time was up', () => {
    const { mounts } = parseContainerReading('0 statfs-code 137\n0 list-code 137\n0 took 1.00 11.00\n', 1);
    expect([mounts[0]?.statfs, mounts[0]?.listing?.answer]).toEqual([
      { outcome: 'timeout' },
      { outcome: 'timeout' },
    ]);
  });

  it('says nothing of what was not asked, or cut off', () => {
    expect(parseContainerReading(`${TABLE}\n0 statfs-co`, 1).mounts).toEqual([
      { statfs: null, listing: null },
    ]);
  });

  it('knows an image without the tools', () => {
    expect(parseContainerReading('0 statfs-code 127\n', 1).hasTools).toBe(false);
  });
});

describe('what ask-backend.sh writes', () => {
  it('is the table of the sidecar and the time of the answer', () => {
    const output = `${TABLE}\nbackend-code 0\ntook 10.00 10.13\nbackend \n`;
    expect(parseBackendReading(output)).toMatchObject({ answer: { outcome: 'ok' }, tookMs: 130 });
    expect(parseBackendReading(output).table).toHaveLength(1);
  });

  it.each([
    ['backend-code 137\ntook 1.00 6.00\nbackend \n'],
    [
      'backend-code 1\ntook 1.00 6.00\nbackend 2026/11/25 07:00:00 ERROR : error listing: couldn\'t list files: Propfind "http://zurg:9999/dav/": net/http: timeout awaiting response headers\n',
    ],
    ['backend-code 1\ntook 1.00 6.00\nbackend ERROR : : dial tcp 10.0.0.1:80: i/o timeout\n'],
  ])('is a silence, by our time limit or by rclone: %s', (output) => {
    expect(parseBackendReading(output).answer).toEqual({ outcome: 'timeout' });
  });

  it('is the first error of rclone, without its time and without the password of a URL', () => {
    const output =
      'backend-code 1\ntook 1.00 1.10\nbackend 2026/11/25 07:00:00 ERROR : : error listing: couldn\'t list files: Propfind "http://me:geheim@zurg:9999/": 401 Unauthorized\nbackend 2026/11/25 07:00:00 NOTICE: Failed to lsf with 2 errors\n';
    expect(parseBackendReading(output).answer).toEqual({
      outcome: 'error',
      message: `error listing: couldn't list files: Propfind "http://zurg:9999/": 401 Unauthorized`,
    });
  });

  it('is nothing where there is no rclone, or it never came that far', () => {
    expect(parseBackendReading('backend-code 127\n').answer).toBeNull();
    expect(parseBackendReading('').answer).toBeNull();
  });
});
