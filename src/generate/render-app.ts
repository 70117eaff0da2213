// All manifests of an app, in the order in which people read them.
import type { JsonObject } from '../pod/json.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { commentDeployment } from './comment-deployment.ts';
import { inlineSidecars } from './inline-sidecars.ts';
import type { Manifest } from './manifest.ts';
import type { MediaApp } from './media-app.ts';
import { renderArgoCdApplication } from './render-argocd-application.ts';
import { PORT_NAME, renderDeployment } from './render-deployment.ts';
import { renderExposure } from './render-exposure.ts';
import { renderLabels } from './render-labels.ts';

export type RenderedApp =
  | { readonly ok: true; readonly manifests: readonly Manifest[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Deployment, Service, Route or its like, kustomization; the Application beside them, where Argo CD does not apply it. */
export function renderApp(app: MediaApp, settings: Settings): RenderedApp {
  const plain = renderDeployment(app, settings);
  const inlined =
    app.sidecars === 'inline' ? inlineSidecars(plain, settings) : { ok: true as const, deployment: plain };
  if (!inlined.ok) return inlined;
  const { deployment } = inlined;
  const exposure = renderExposure(app);
  const objects = [
    { file: 'deployment.yaml', object: deployment, comments: commentDeployment(deployment, app, settings) },
    { file: 'service.yaml', object: renderService(app), comments: [] },
    ...(exposure === null ? [] : [exposure]),
  ];
  const resources = objects.map(({ file }) => file);
  const base = baseFolder(app.name);
  const manifests: Manifest[] = [
    ...objects,
    { file: 'kustomization.yaml', object: renderKustomization(app, resources), comments: [] },
  ].map((manifest) => ({ ...manifest, file: `${base}/${manifest.file}` }));
  if (app.argocd !== null) {
    const object = renderArgoCdApplication(app, app.argocd);
    manifests.push({ file: `apps/${app.name}/application.yaml`, object, comments: [] });
  }
  return { ok: true, manifests };
}

/** Where the kustomization is. */
export function baseFolder(name: string): string {
  return `apps/${name}/base`;
}

function renderService(app: MediaApp): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app.name, labels: renderLabels(app) },
    spec: {
      selector: { app: app.name },
      ports: [{ name: PORT_NAME, port: app.port, targetPort: PORT_NAME }],
    },
  };
}

function renderKustomization({ namespace }: MediaApp, resources: readonly string[]): JsonObject {
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    ...(namespace === null ? {} : { namespace }),
    resources,
  };
}
