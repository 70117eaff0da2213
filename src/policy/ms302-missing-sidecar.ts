import { isOurInitDirs } from '../intent/mount-sidecar.ts';
import { containerPath, isNativeSidecar } from '../pod/containers.ts';
import { quoteField } from '../problem/quote.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms302 = {
  id: 'MS302',
  title: 'no working sidecar for an expected remote',
  level: 'deny',
  afterInjection: true,
  ofLabel: true,
  why: 'An app that starts without its mounts takes the library for empty, and media servers purge what has vanished. Another webhook with old client types strips restartPolicy: Always, and the pod then hangs in Init (gcs-fuse-csi-driver #322).',
  check: (view) =>
    view.survey.apps.length === 0
      ? []
      : [
          ...view.intent.remotes.flatMap((remote) => checkRemote(remote.name, view)),
          ...strippedInitDirs(view),
        ],
} satisfies Rule;

function checkRemote(name: string, { survey }: PodView): Finding[] {
  const refs = survey.sidecars.filter((ref) => ref.sidecar.remote?.name === name);
  if (refs.length === 0) {
    return [
      {
        path: ['spec', 'initContainers'],
        message: `no sidecar mounts the remote "${name}"`,
        hint: 'Create the pod again while the mutating webhook runs; if it was injected, another webhook has removed the sidecar. Without this remote: media-stack/remotes.',
      },
    ];
  }
  if (refs.some((ref) => ref.list === 'containers' || ref.container.restartPolicy === 'Always')) return [];
  return refs.map((ref) => ({
    path: containerPath(ref, 'restartPolicy'),
    message: `sidecar ${ref.container.name} is an init container with restartPolicy ${quoteField(ref.container.restartPolicy)}: the pod would wait for its end for ever`,
    hint: 'Write restartPolicy: Always in it. If it was injected, another webhook (one with old client types) has stripped the field: update that one, or annotate media-stack/sidecar-mode: "container".',
  }));
}

/** Without the field the pod waits for the end of a container that idles: it never starts. */
function strippedInitDirs({ survey }: PodView): Finding[] {
  return survey.initDirs
    .filter(
      (ref) => isOurInitDirs(ref.container) && ref.container.args?.[0] === 'stay' && !isNativeSidecar(ref),
    )
    .map((ref) => ({
      path: containerPath(ref, 'restartPolicy'),
      message: `${ref.container.name} has lost its restartPolicy: Always: the pod would wait for its end for ever`,
      hint: 'Another webhook (one with old client types) has stripped the field: update that one, or annotate media-stack/sidecar-mode: "container".',
    }));
}
