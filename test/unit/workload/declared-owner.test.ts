import { describe, expect, it } from 'vitest';
import { describeOwner, findDeclaredOwners } from '../../../src/workload/declared-owner.ts';

const said = (metadata: object): string[] => findDeclaredOwners({ metadata }).map(describeOwner);

describe('the tool that owns an object', () => {
  it.each([
    [
      'Argo CD by its tracking id',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'media:apps/Deployment:media/sonarr' } },
      ['Argo CD (application media, annotation argocd.argoproj.io/tracking-id)'],
    ],
    [
      'Flux by the label of a Kustomization',
      {
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'apps',
          'kustomize.toolkit.fluxcd.io/namespace': 'flux',
        },
      },
      ['Flux (object apps, label kustomize.toolkit.fluxcd.io/name)'],
    ],
    [
      'Flux and Helm by the marks of a HelmRelease',
      {
        labels: { 'helm.toolkit.fluxcd.io/name': 'plex', 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'plex' },
      },
      [
        'Flux (object plex, label helm.toolkit.fluxcd.io/name)',
        'Helm (release plex, annotation meta.helm.sh/release-name)',
      ],
    ],
    [
      'Helm by the label alone',
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
      ['Helm (label app.kubernetes.io/managed-by: Helm)'],
    ],
    ['nobody by the label instance', { labels: { 'app.kubernetes.io/instance': 'media' } }, []],
    ['nobody by another manager', { labels: { 'app.kubernetes.io/managed-by': 'kustomize' } }, []],
    ['nobody where there are no labels', { labels: null, annotations: null }, []],
    ['nobody where the marks are no text', { labels: { 'app.kubernetes.io/managed-by': 7 } }, []],
  ])('is %s', (_, metadata, owners) => {
    expect(said(metadata)).toEqual(owners);
  });

  it('is nobody for what is no object', () => {
    expect(findDeclaredOwners('sonarr')).toEqual([]);
  });
});
