import { describe, expect, it } from 'vitest';
import { parseWorkloadReference, renderReference } from '../../../src/workload/workload-reference.ts';

describe('the name of a workload', () => {
  it.each([
    ['sonarr', null, 'sonarr'],
    ['deployment/sonarr', 'Deployment', 'sonarr'],
    ['deploy/sonarr', 'Deployment', 'sonarr'],
    ['deployments/sonarr', 'Deployment', 'sonarr'],
    ['deployment.apps/sonarr', 'Deployment', 'sonarr'],
    ['deployments.v1.apps/sonarr', 'Deployment', 'sonarr'],
    ['Deployment/sonarr', 'Deployment', 'sonarr'],
    ['sts/plex', 'StatefulSet', 'plex'],
    ['ds/agent', 'DaemonSet', 'agent'],
    ['po/sonarr-1', 'Pod', 'sonarr-1'],
  ])('%s is kind %s and name %s', (text, kind, name) => {
    expect(parseWorkloadReference(text)).toEqual({ kind, name });
  });

  it.each(['', '/', 'deploy/', '/sonarr', 'deployent/sonarr', 'a/b/c', '__proto__/x', 'job/x'])(
    '%j names none',
    (text) => {
      expect(parseWorkloadReference(text)).toBeNull();
    },
  );

  it('is written as kubectl writes it', () => {
    expect(renderReference('StatefulSet', 'plex')).toBe('statefulset/plex');
  });
});
