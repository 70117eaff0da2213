import { fieldOfFlags, isSwitchedOn, optionValues, readRcloneFlags } from '../intent/rclone-flags.ts';
import type { SidecarRef } from '../intent/survey.ts';
import { containerPath } from '../pod/containers.ts';
import type { Finding, Rule } from './rule.ts';

export const ms403: Rule = {
  id: 'MS403',
  title: 'remote control open beyond the pod',
  level: 'warn',
  why: 'Whoever reaches the port can read and change every remote of rclone.conf, and run programs (rclone.org/rc, core/command, config/dump): in a privileged container that is root on the node.',
  check: ({ survey }) => survey.sidecars.flatMap(checkSidecar),
};

/** rclone listens on localhost:5572 unless it is told otherwise. */
const LOOPBACK = /^(unix:\/\/|\/|localhost(:|$)|127\.|\[::1\])/;

function checkSidecar(ref: SidecarRef): Finding[] {
  const flags = readRcloneFlags(ref.container);
  if (flags === null) return [];
  if (!isSwitchedOn(flags, '--rc') || !isSwitchedOn(flags, '--rc-no-auth')) return [];
  // rclone listens on each of them.
  const address = optionValues(flags, '--rc-addr').find((value) => !LOOPBACK.test(value));
  if (address === undefined) return [];
  return [
    {
      path: containerPath(ref, fieldOfFlags(ref.container)),
      message: `mount sidecar ${ref.container.name} has its remote control without a password on ${JSON.stringify(address)}`,
      hint: 'Take --rc away. Where it is needed: --rc-addr=localhost:5572, or rc: socket in the settings of media-stack.',
    },
  ];
}
