// MS208: two different volumes at the media path. Injection cannot choose between them, so it refuses with the rule's text.
import type { Intent } from './intent.ts';
import type { Survey } from './survey.ts';
import { containerPath, mountsAt } from '../pod/containers.ts';
import { renderFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';

/** The problem, at the mount of the first app container whose volume differs from the first one's. */
export function differentVolumesProblem(survey: Survey, intent: Intent): Problem {
  const [first] = survey.mediaCandidates;
  const all = survey.apps.flatMap((ref) =>
    mountsAt(ref.container, intent.mediaPath).map(({ index, mount }) => ({ ref, index, mount })),
  );
  const odd = all.find(({ mount }) => mount.name !== first);
  const found = all.map(({ ref, mount }) => `${ref.container.name} mounts "${mount.name}"`).join(', ');
  return {
    code: 'MS208',
    level: 'deny',
    path: odd ? renderFieldPath(containerPath(odd.ref, 'volumeMounts', odd.index)) : 'spec.containers',
    message: `different volumes are mounted at ${intent.mediaPath}: ${found}`,
    hint: 'Mount the same volume there in every app container, or name the one app in media-stack/containers: "NAME".',
  };
}
