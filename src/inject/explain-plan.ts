// The decisions of an injection as sentences, for `media-stack explain` and the golden files.
import type { Intent } from '../intent/intent.ts';
import type { Survey } from '../intent/survey.ts';
import type { Plan } from '../plan/plan.ts';
import type { Step } from './report.ts';

/** What was found in the pod. */
export function explainSurvey(survey: Survey, intent: Intent): Step[] {
  const steps: Step[] = [
    {
      what: `remotes: ${intent.remotes.map((remote) => remote.name).join(', ')}`,
      why: 'settings and annotations',
    },
  ];
  for (const { container, sidecar, ours } of survey.sidecars) {
    const mounts = sidecar.remote ? `mounts remote ${sidecar.remote.name}` : 'mounts something else';
    steps.push({
      what: `container ${container.name} is a mount sidecar`,
      why: `${mounts}; ${ours ? 'injected by media-stack' : 'hand-written, left as it is'}`,
    });
  }
  for (const ref of survey.apps)
    steps.push({ what: `container ${ref.container.name} is an app`, why: survey.reasons.apps });
  if (survey.apps.length > 0)
    steps.push({ what: `volume ${survey.media.name} is the media volume`, why: survey.reasons.media });
  return steps;
}

/** What is added, and why. */
export function explainPlan(plan: Plan, survey: Survey, intent: Intent): Step[] {
  const steps: Step[] = [];
  if (plan.sidecars.length > 0) {
    steps.push({
      what:
        plan.mounts === 'private'
          ? `the mounts live in an emptyDir at ${intent.privateRoot}`
          : 'the mounts live on the media volume',
      why: whyMounts(plan, survey, intent),
    });
  }
  for (const volume of plan.volumes)
    steps.push({ what: `add volume ${volume.name}`, why: 'the pod has no such volume' });
  for (const { ref, mounts } of plan.volumeMounts) {
    for (const mount of mounts)
      steps.push({
        what: `mount ${mount.mountPath} in ${ref.container.name}`,
        why: 'the container does not mount it',
      });
  }
  for (const { ref } of plan.propagation) {
    steps.push({
      what: `mountPropagation: HostToContainer in ${ref.container.name}`,
      why: 'it is absent, and without it the container never sees a mount made later',
    });
  }
  if (plan.initDirs)
    steps.push({
      what: `add ${intent.mode === 'native' ? 'native sidecar' : 'init container'} ${plan.initDirs.name}`,
      why: 'makes the mount points and clears dead mounts',
    });
  for (const sidecar of plan.sidecars) {
    steps.push({
      what: `add ${intent.mode === 'native' ? 'native sidecar' : 'container'} ${sidecar.name}`,
      why: 'no container mounts this remote',
    });
  }
  if (plan.defaultContainer !== null) {
    steps.push({
      what: `default container ${plan.defaultContainer}`,
      why: 'kubectl logs and exec would otherwise pick a sidecar',
    });
  }
  if (plan.affinityTerm)
    steps.push({
      what: 'prefer the nodes of the settings',
      why: 'preferredNodes is set and the pod has no such preference',
    });
  return steps;
}

function whyMounts(plan: Plan, survey: Survey, intent: Intent): string {
  if (intent.mountsAsked !== null) return 'annotation media-stack/mounts';
  return plan.mounts === 'private' && survey.media.source?.['hostPath']
    ? 'a hostPath volume is shared by all pods of the node'
    : 'settings, media.mounts';
}
