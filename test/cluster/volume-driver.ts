// A stand-in for NFS: a FlexVolume driver that gives every pod a mount of its own, as the kubelet does with an NFS
// export. A `local` volume does not: its bind mounts share one peer group, and a mount made below one shows in all.
// The mounts are overlays over the same folder: a file system of its own for each, which no pod takes for one of the
// node (mount.sh locks there).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const OWN_MOUNT_DRIVER = 'media-stack/own-mount';

// Called by the kubelet: init, mount FOLDER OPTIONS, unmount FOLDER (FlexVolume's calling convention).
const DRIVER = `#!/bin/sh
exec 2>&1
case $1 in
  init) echo '{"status":"Success","capabilities":{"attach":false}}'; exit ;;
  mount)
    path=$(printf %s "$3" | sed -n 's/.*"path":"\\([^"]*\\)".*/\\1/p')
    work=$(dirname "$path")/overlay-$(printf %s "$2" | md5sum | cut -c 1-16)
    mkdir -p "$2" "$work/empty" "$work/work" &&
      error=$(mount -t overlay -o "index=off,lowerdir=$work/empty,upperdir=$path,workdir=$work/work" overlay "$2") &&
      mount --make-private "$2" && mount --make-shared "$2" ;;
  unmount) error=$(umount "$2") ;;
  *) echo '{"status":"Not supported"}'; exit ;;
esac
if [ $? = 0 ]; then echo '{"status":"Success"}'
else echo "{\\"status\\":\\"Failure\\",\\"message\\":\\"$error\\"}"; exit 1
fi
`;

/** Puts the driver into the kubelet's plugin folder. */
export function writeVolumeDriver(pluginFolder: string): void {
  const folder = join(pluginFolder, OWN_MOUNT_DRIVER.replace('/', '~'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'own-mount'), DRIVER, { mode: 0o755 });
}
