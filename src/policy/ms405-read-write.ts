import { fieldOfFlags, isSwitchedOn, readRcloneFlags } from '../intent/rclone-flags.ts';
import { containerPath } from '../pod/containers.ts';
import type { Rule } from './rule.ts';

export const ms405: Rule = {
  id: 'MS405',
  title: 'read-write mount',
  level: 'warn',
  why: 'What an app, a cleanup or the teardown of the pod deletes through the mount is deleted on the remote; the kubelet removes the files of an emptyDir through a live mount (measured), and on Real-Debrid a delete removes the torrent.',
  check: ({ survey }) =>
    survey.sidecars
      .filter(({ container }) => {
        const flags = readRcloneFlags(container);
        return flags !== null && !isSwitchedOn(flags, '--read-only');
      })
      .map((ref) => ({
        path: containerPath(ref, fieldOfFlags(ref.container)),
        message: `mount sidecar ${ref.container.name} mounts read-write: deletes reach the remote`,
        hint: ref.ours
          ? 'Leave media-stack/read-only away ("true" is the default), or waive this: media-stack/ignore: "MS405".'
          : 'Add --read-only, or waive this: media-stack/ignore: "MS405".',
      })),
};
