// The Argo CD Application that keeps the app as the repository has it.
import type { JsonObject } from '../pod/json.ts';
import type { ArgoCd, MediaApp } from './media-app.ts';
import { renderLabels } from './render-labels.ts';

/** It syncs by itself: the webhook changes pods, never what the Application watches, so that nothing is out of sync. */
export function renderArgoCdApplication(app: MediaApp, argocd: ArgoCd): JsonObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: app.name, namespace: argocd.namespace, labels: renderLabels(app) },
    spec: {
      project: argocd.project,
      source: { repoURL: argocd.repo, targetRevision: argocd.revision, path: argocd.path },
      destination: { ...argocd.destination, namespace: app.namespace },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  };
}
