// What is asked by exec beside the mounts themselves: the device and the CPU of each sidecar, the links in stream/.
import { describeContainerState } from '../check/container-state.ts';
import type { MountEvidence } from '../check/judge-mount.ts';
import { parseLinkReading, parseSidecarReading } from '../diagnose/parse-look.ts';
import type { LinkReading, SidecarReading } from '../diagnose/parse-look.ts';
import { FIND_LINKS_SCRIPT, LOOK_SIDECAR_SCRIPT } from '../diagnose/scripts/shell-scripts.ts';
import type { Known } from '../diagnose/known.ts';
import type { Subject } from '../diagnose/subject.ts';
import type { Cluster } from './cluster.ts';
import { execInContainer } from './exec-in-container.ts';
import { learn } from './learn.ts';

/** Between the two looks at the CPU. */
const CPU_SECONDS = 4;
const EXEC_MS = 4000;
const FIND_SECONDS = 10;
const MAX_LINKS = 200;
/** For the links themselves: each is looked at once, with a bound of its own. */
const LINKS_MS = 30_000;

export interface LookOptions {
  readonly signal?: AbortSignal;
}

/** By container; a sidecar that does not run is not asked. */
export async function lookAtSidecars(
  cluster: Cluster,
  subject: Subject,
  { signal }: LookOptions,
): Promise<Record<string, Known<SidecarReading>>> {
  const { survey, object, namespace, name: pod } = subject;
  const looks = survey.sidecars.map(async ({ container: { name } }) => {
    const state = describeContainerState(object, name);
    if (state !== null) return [name, { state: 'not_asked', why: state }] as const;
    const command = ['/bin/sh', '-c', LOOK_SIDECAR_SCRIPT, 'media-stack-look', String(CPU_SECONDS)];
    const fact = await learn(`get pods --subresource=exec -n ${namespace}`, () =>
      execInContainer(cluster, {
        namespace,
        pod,
        container: name,
        command,
        timeoutMs: CPU_SECONDS * 1000 + EXEC_MS,
        ...(signal ? { signal } : {}),
      }),
    );
    if (fact.state !== 'known') return [name, fact] as const;
    const { value } = fact;
    if (value.outcome !== 'ended')
      return [
        name,
        {
          state: 'not_asked',
          why: value.outcome === 'timeout' ? 'it did not answer in time' : value.message,
        },
      ] as const;
    return [name, { state: 'known', value: parseSidecarReading(value.stdout) }] as const;
  });
  return Object.fromEntries(await Promise.all(looks));
}

/** From the first app, else a sidecar, that runs and has the tools. Nothing below a mount that may hang is touched. */
export async function lookAtLinks(
  cluster: Cluster,
  subject: Subject,
  mounts: Known<readonly MountEvidence[]>,
  { signal }: LookOptions,
): Promise<Known<LinkReading>> {
  const { expected, survey, object, namespace, name: pod } = subject;
  if (expected === null) return { state: 'absent' };
  const names = [...survey.apps, ...survey.sidecars].map(({ container }) => container.name);
  const running = names.filter((name) => describeContainerState(object, name) === null);
  const root = `${expected.mediaPath}/stream`;
  const hanging = expected.mounts.flatMap(({ point, mountedAt }, index) =>
    answers(mounts.state === 'known' ? mounts.value[index] : undefined) ? [] : [point, mountedAt],
  );
  const words = [String(FIND_SECONDS), String(MAX_LINKS), root, ...new Set(hanging)];
  for (const container of running) {
    const fact = await learn(`get pods --subresource=exec -n ${namespace}`, () =>
      execInContainer(cluster, {
        namespace,
        pod,
        container,
        command: ['/bin/sh', '-c', FIND_LINKS_SCRIPT, 'media-stack-links', ...words],
        timeoutMs: LINKS_MS,
        ...(signal ? { signal } : {}),
      }),
    );
    if (fact.state !== 'known') return fact;
    if (fact.value.outcome !== 'not_started')
      return { state: 'known', value: parseLinkReading(fact.value.stdout, root, MAX_LINKS) };
  }
  return {
    state: 'not_asked',
    why: running.length === 0 ? 'no container that could be looked into runs' : 'no container has a shell',
  };
}

/** Whether a listing through this mount comes back: the server has answered, or nothing is mounted there at all. */
function answers(evidence: MountEvidence | undefined): boolean {
  const outcome = evidence?.backend?.answer?.outcome;
  return outcome === 'ok';
}
