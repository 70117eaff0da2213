// Tells that something happened in a folder. Folders, not files, are watched: the kubelet updates a mounted Secret or
// ConfigMap by renaming the symlink `..data` in the folder (kubernetes/pkg/volume/util/atomic_writer.go), which a
// watch on the file itself never sees. A watch is only a quick hint: who needs certainty polls as well.
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface FolderWatch {
  /** Watches again what has vanished and come back. To be called now and then; never rejects. */
  rearm(): Promise<void>;
  /** Ends every watch; nothing is called back afterwards. */
  stop(): void;
}

export type WatchFolders = (folders: readonly string[], onEvent: () => void) => FolderWatch;

interface Armed {
  readonly watcher: FSWatcher;
  /** A folder that was deleted and made again has the same name, and often the same inode, but is not the watched one. */
  readonly identity: string;
}

/**
 * Calls `onEvent` (often several times per change) when an entry of one of `folders` is made, renamed or written.
 * A folder that cannot be watched (absent, or the machine is out of inotify watches) is tried again on `rearm`.
 */
export function watchFolders(folders: readonly string[], onEvent: () => void): FolderWatch {
  const armed = new Map<string, Armed>();
  let stopped = false;

  const disarm = (folder: string): void => {
    armed.get(folder)?.watcher.close();
    armed.delete(folder);
  };

  const arm = (folder: string, identity: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, onEvent);
      // Without a listener an error of the watch would end the process. A later rearm tries again.
      watcher.on('error', () => {
        if (armed.get(folder)?.watcher === watcher) disarm(folder);
      });
      armed.set(folder, { watcher, identity });
    } catch {
      // ENOENT, or ENOSPC and EMFILE when the limits of inotify are reached: the poll goes on without a watch.
    }
  };

  const rearm = async (): Promise<void> => {
    for (const folder of new Set(folders)) {
      const identity = await identityOf(folder);
      if (stopped) return;
      if (armed.get(folder)?.identity === identity) continue;
      disarm(folder);
      if (identity !== undefined) arm(folder, identity);
    }
  };

  return {
    rearm,
    stop: () => {
      stopped = true;
      for (const folder of armed.keys()) disarm(folder);
    },
  };
}

async function identityOf(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeNs } = await stat(folder, { bigint: true });
    return `${dev}:${ino}:${birthtimeNs}`;
  } catch {
    return undefined;
  }
}
