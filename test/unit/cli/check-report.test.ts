import { describe, expect, it } from 'vitest';
import type { MountResult, PodResult } from '../../../src/check/check-result.ts';
import { renderCheckHtml } from '../../../src/cli/report/check-html.ts';
import { renderCheckSummary, renderCheckText, renderMountLine } from '../../../src/cli/report/check-text.ts';
import type { CheckTextOptions } from '../../../src/cli/report/check-text.ts';

const mount = (fields: Partial<MountResult> = {}): MountResult => ({
  remote: 'zurg',
  path: '/mnt/media/zurg/__all__',
  status: 'ok',
  reason: 'ok',
  message: '',
  mend: '',
  container: 'sonarr',
  sidecar: 'rclone-zurg',
  mounted: true,
  entries: 25_000,
  moreEntries: true,
  listingMs: 210,
  backendMs: 90,
  ...fields,
});
const FAILED = mount({
  remote: 'torbox',
  path: '/mnt/media/torbox/torrents',
  status: 'fail',
  reason: 'backend_silent',
  message: 'the server behind torbox: does not answer',
  mend: 'media-stack troubleshoot-mounts sonarr-0 media',
  entries: null,
  moreEntries: false,
  listingMs: null,
  backendMs: null,
});
const SONARR: PodResult = {
  namespace: 'media',
  pod: 'sonarr-0',
  node: 'node-2',
  status: 'fail',
  mounts: [mount(), FAILED],
};
const plain: CheckTextOptions = {
  verbose: false,
  withNamespace: false,
  mendsBelow: false,
  paint: (_, text) => text,
};

describe('a mount in one line', () => {
  it.each([
    [mount(), 'OK - /mnt/media/zurg/__all__ (25000+ files)'],
    [mount({ entries: 1, moreEntries: false }), 'OK - /mnt/media/zurg/__all__ (1 file)'],
    [FAILED, 'FAIL - /mnt/media/torbox/torrents: the server behind torbox: does not answer'],
    [
      mount({ status: 'warn', entries: 0, moreEntries: false, message: 'empty' }),
      'WARN - /mnt/media/zurg/__all__ (0 files): empty',
    ],
  ])('%#', (result, line) => {
    expect(renderMountLine(result)).toBe(line);
  });
});

describe('the table', () => {
  it('has pod, remote and mend in every line, for grep', () => {
    expect(renderCheckText([SONARR], plain)).toBe(
      `POD        NODE     REMOTE   TIME     MOUNT
sonarr-0   node-2   zurg     0.21 s   OK - /mnt/media/zurg/__all__ (25000+ files)
sonarr-0   node-2   torbox   -        FAIL - /mnt/media/torbox/torrents: the server behind torbox: does not answer. Mend: media-stack troubleshoot-mounts sonarr-0 media
`,
    );
  });

  it('has the mends below for a person, one for all that share it', () => {
    const text = renderCheckText([SONARR, { ...SONARR, pod: 'plex-0', mounts: [FAILED] }], {
      ...plain,
      mendsBelow: true,
    });
    expect(text.slice(text.indexOf('\n\n'))).toBe(
      '\n\nsonarr-0 torbox, plex-0 torbox\n  mend: media-stack troubleshoot-mounts sonarr-0 media\n',
    );
  });

  it('has a colour for each state, and the namespace where there are several', () => {
    const text = renderCheckText([SONARR], {
      ...plain,
      withNamespace: true,
      verbose: true,
      paint: (colour, word) => `<${colour}>${word}</>`,
    });
    expect(text).toContain('NAMESPACE   POD');
    expect(text).toContain('sonarr      rclone-zurg   0.09 s   <green>OK</> - /mnt/media/zurg/__all__');
    expect(text).toContain('<red>FAIL</> - /mnt/media/torbox/torrents');
  });

  it('is summed up in one line', () => {
    expect(renderCheckSummary([SONARR], 3)).toBe(
      '1 of 2 mounts in 1 pod fine, 1 failed, 3 other pods passed over.',
    );
    expect(renderCheckSummary([{ ...SONARR, mounts: [mount()] }], 0)).toBe('1 of 1 mount in 1 pod fine.');
  });
});

describe('the page', () => {
  const page = renderCheckHtml(
    [
      { ...SONARR, pod: '<b>x</b>' },
      { ...SONARR, status: 'ok', pod: 'fine' },
    ],
    {
      context: 'home & lab',
      time: new Date('2026-01-01T00:00:00Z'),
      passedOver: 0,
    },
  );

  it('needs nothing from elsewhere and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|src=|url\(|@import/);
  });

  it('has names from the cluster as text, never as markup', () => {
    expect(page).toContain('&lt;b&gt;x&lt;/b&gt;');
    expect(page).not.toContain('<b>x</b>');
    expect(page).toContain('home &amp; lab');
  });

  it('has what fails first, with its mend', () => {
    expect(page.indexOf('&lt;b&gt;x')).toBeLessThan(page.indexOf('>fine<'));
    expect(page).toContain('<b>mend:</b> media-stack troubleshoot-mounts sonarr-0 media');
  });
});
