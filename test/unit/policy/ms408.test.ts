import { describe, expect, it } from 'vitest';
import {
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  podOf,
  settingsOf,
} from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const settings = settingsOf('platform: openshift');
const scc = (value: string) => labelledPod({}, { 'openshift.io/required-scc': value });
const problem = (found: string) => ({
  code: 'MS408',
  level: 'warn',
  path: 'metadata.annotations[openshift.io/required-scc]',
  message: `the annotation openshift.io/required-scc is ${found}: OpenShift may choose an SCC that does not fit the app`,
  hint: 'Annotate the pod template: openshift.io/required-scc: privileged; its ServiceAccount needs the use of that SCC.',
});

describe('MS408', () => {
  it('warns of a template without the annotation, and of its pod', () => {
    expect(problemsOfTemplate(labelledPod(), { settings })).toEqual([problem('not set')]);
    expect(problemsOfPod(injected(labelledPod(), { settings }), { settings })).toEqual([problem('not set')]);
  });

  it.each(['anyuid', 'Privileged'])('warns of another SCC: %s', (value) => {
    expect(problemsOfTemplate(scc(value), { settings })).toEqual([problem(JSON.stringify(value))]);
  });

  it('warns of hand-written sidecars in a pod without any metadata', () => {
    const pod = podOf({ initContainers: [handInitDirs(), handSidecar('zurg')] });
    for (const metadata of [undefined, {}]) {
      const found = problemsOfTemplate({ ...pod, metadata }, { settings, use: 'lint' });
      expect(found.filter(({ code }) => code === 'MS408')).toEqual([problem('not set')]);
    }
  });

  it('lets the privileged one be', () => {
    expect(problemsOfTemplate(scc('privileged'), { settings })).toEqual([]);
  });

  it('lets every pod be on other platforms', () => {
    expect(problemsOfTemplate(labelledPod())).toEqual([]);
  });

  it('lets a pod without sidecars be', () => {
    expect(problemsOfTemplate(labelledPod({ containers: [] }), { settings })).toEqual([]);
  });
});
