import { expect, it } from 'vitest';
import { forSameCluster } from '../../../src/cli/report/paste-command.ts';

it('names the cluster in commands, as it was named', () => {
  const flags = { context: 'home lab', kubeconfig: '/tmp/k' };
  expect(forSameCluster('media-stack add-sidecars deployment/sonarr media', flags)).toBe(
    "media-stack add-sidecars --context 'home lab' --kubeconfig /tmp/k deployment/sonarr media",
  );
  expect(forSameCluster('look: kubectl logs x -n media', { context: 'lab' })).toBe(
    'look: kubectl --context lab logs x -n media',
  );
});

it('leaves other text, and text of the current context, as it is', () => {
  const text = 'the label media-stack/cloud-mounts: "true"';
  expect(forSameCluster(text, { context: 'lab' })).toBe(text);
  expect(forSameCluster('kubectl get pods', {})).toBe('kubectl get pods');
});
