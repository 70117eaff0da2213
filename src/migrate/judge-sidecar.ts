// Whether the webhook would inject the same mount as a hand-written sidecar makes.
import type { Intent, RemoteIntent } from '../intent/intent.ts';
import { isWithin } from '../pod/mount-path.ts';
import { quote } from '../problem/quote.ts';
import type { SidecarFacts } from './sidecar-facts.ts';

/** A part that stays as it is. */
export interface Left {
  /** Name of the container. */
  readonly name: string;
  readonly why: string;
  readonly mend: string;
}

export type SidecarVerdict =
  | { readonly replaceable: true; readonly facts: SidecarFacts; readonly remote: RemoteIntent }
  | ({ readonly replaceable: false } & Left);

const CONFIG_KEY = 'rclone.conf';

/** `mediaVolume` is the name of the volume that the webhook would mount in. */
export function judgeSidecar(
  name: string,
  facts: SidecarFacts | string,
  intent: Intent,
  mediaVolume: string,
): SidecarVerdict {
  const stays = (why: string, mend: string): SidecarVerdict => ({ replaceable: false, name, why, mend });
  if (typeof facts === 'string')
    return stays(
      facts,
      'Write it as args: [mount, REMOTE, PATH, FLAGS...] and run migrate again, or replace it by hand.',
    );
  const { command, site, config } = facts;
  const mounted = `mounts ${command.source} at ${command.target}`;
  if (site === null)
    return stays(
      `${mounted}, where it has no volume: no other container can see it`,
      'Remove it and put the label on, if the app needs this remote.',
    );
  if (site.path === '')
    return stays(
      `${mounted}, over the root of volume ${site.volume}; the webhook mounts in a directory of the media volume (MS207)`,
      `Take volume ${site.volume} out of sidecar and app, and let the app mount the media volume at ${intent.mediaPath}.`,
    );
  if (site.volume !== mediaVolume)
    return stays(
      `${mounted} in volume ${site.volume}, and the media volume is ${mediaVolume}`,
      `Mount it in volume ${mediaVolume} in sidecar and app, or name the other one in settings media.volume.`,
    );
  const more = [...command.work.made, ...command.work.cleared].find(
    (path) => !isWithin(command.target, path),
  );
  if (more !== undefined)
    return stays(
      `its shell text also makes or clears ${more}, which the webhook does not`,
      'Take that out of it, or do it in an init container, and run migrate again.',
    );
  const remote = intent.knownRemotes.find((known) => known.path === `${intent.mediaPath}/${site.path}`);
  if (remote === undefined)
    return stays(
      `${mounted}, and no remote of the settings has that mount point`,
      `Add it to the settings: remotes: [{ ${entryFor(facts, site.path)} }].`,
    );
  if (remote.source !== command.source)
    return stays(
      `${mounted}, and the settings mount ${remote.source} there`,
      `Set remotes[${remote.name}].remote: ${quote(command.source)} in the settings, if that is right for all pods.`,
    );
  if (typeof config === 'string')
    return stays(
      `it reads rclone.conf from ${config}, and the webhook mounts Secret ${remote.secret}`,
      `Put it into the Secret: kubectl create secret generic ${remote.secret} --from-file=rclone.conf. Then mount that one.`,
    );
  if (config.secret !== remote.secret)
    return stays(
      `it reads Secret ${config.secret}, and the settings name ${remote.secret} for ${remote.name}`,
      `Set remotes[${remote.name}].secret: ${config.secret} in the settings, if that is right for all pods.`,
    );
  if (config.key !== CONFIG_KEY)
    return stays(
      `it reads the key ${config.key} of Secret ${config.secret}, and the webhook reads ${CONFIG_KEY}`,
      `Put the configuration into the Secret under the key ${CONFIG_KEY} too, and mount that one.`,
    );
  return { replaceable: true, facts, remote };
}

function entryFor({ command, config }: SidecarFacts, path: string): string {
  const name =
    command.source
      .split(':', 1)[0]
      ?.toLowerCase()
      .replaceAll(/[^a-z0-9-]/g, '-') ?? '';
  const secret = typeof config === 'string' ? 'SECRET' : config.secret;
  return `name: ${name}, remote: ${quote(command.source)}, path: ${path}, secret: ${secret}`;
}
