import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { watchFolders } from '../../../src/server/file-watch.ts';
import type { FolderWatch } from '../../../src/server/file-watch.ts';
import { inotifyWatches, onLinux } from '../../support/inotify-watches.ts';

let root: string;
let watching: FolderWatch | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'media-stack-test-'));
});
afterEach(() => {
  watching?.stop();
  rmSync(root, { recursive: true, force: true });
});

it('watches nothing before it is armed, and each folder once', async () => {
  const before = inotifyWatches();
  watching = watchFolders([root, root], () => {});
  expect(inotifyWatches()).toBe(before);
  await watching.rearm();
  await watching.rearm();
  expect(inotifyWatches()).toBe(before + onLinux);
});

it('lives with a folder that is absent and finds it later', async () => {
  const folder = join(root, 'later');
  const onEvent = vi.fn();
  watching = watchFolders([folder], onEvent);
  await watching.rearm();
  mkdirSync(folder);
  await watching.rearm();
  writeFileSync(join(folder, 'x'), '');
  await vi.waitFor(() => expect(onEvent).toHaveBeenCalled(), { timeout: 5000 });
});

it('watches a folder that was deleted and made again', async () => {
  const folder = join(root, 'again');
  mkdirSync(folder);
  const onEvent = vi.fn();
  watching = watchFolders([folder], onEvent);
  await watching.rearm();
  for (const round of [1, 2, 3]) {
    rmSync(folder, { recursive: true });
    await vi.waitFor(() => expect(onEvent).toHaveBeenCalled(), { timeout: 5000 });
    mkdirSync(folder);
    await watching.rearm();
    onEvent.mockClear();
    writeFileSync(join(folder, `round-${round}`), '');
    await vi.waitFor(() => expect(onEvent).toHaveBeenCalled(), { timeout: 5000 });
  }
});

it('is not armed again by a rearm that was under way when it was stopped', async () => {
  const before = inotifyWatches();
  watching = watchFolders([root], () => {});
  const arming = watching.rearm();
  watching.stop();
  await arming;
  expect(inotifyWatches()).toBe(before);
});
