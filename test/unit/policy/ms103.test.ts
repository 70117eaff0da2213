import { describe, expect, it } from 'vitest';
import { injected, labelledPod } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const ON_NODE2 = labelledPod({ nodeName: 'node2' });

describe('MS103', () => {
  it('refuses a template that names its node', () => {
    expect(problemsOfTemplate(ON_NODE2)).toEqual([
      {
        code: 'MS103',
        level: 'deny',
        path: 'spec.nodeName',
        message: 'nodeName pins every pod to "node2"',
        hint: 'Remove it and let the scheduler choose.',
      },
    ]);
  });

  it('lets a pod be that has its node already', () => {
    expect(problemsOfPod(injected(ON_NODE2))).toEqual([]);
  });

  it('lets a bare pod of a manifest be', () => {
    expect(problemsOfTemplate(ON_NODE2, { origin: 'pod' })).toEqual([]);
  });

  it.each(['', undefined])('lets a template without a node be: %j', (nodeName) => {
    expect(problemsOfTemplate(labelledPod({ nodeName }))).toEqual([]);
  });
});
