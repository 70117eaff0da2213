// What generate-media-app says: the files, and what to do with them.
import { join } from 'node:path';
import type { Manifest } from '../generate/manifest.ts';
import type { Exposure, MediaApp } from '../generate/media-app.ts';
import { baseFolder } from '../generate/render-app.ts';
import type { Settings } from '../settings/schema.ts';
import { renderTable } from './report/table.ts';
import { shellWord } from './shell-word.ts';

/** The commands that bring the app into the cluster, in their order. */
export function planNextSteps(app: MediaApp, out: string): string[] {
  const { name, argocd, openshift, namespace } = app;
  const steps: string[] = [];
  if (openshift) {
    const account = app.serviceAccount ?? 'default';
    const inNamespace = namespace === null ? '' : ` -n ${namespace}`;
    steps.push(`oc adm policy add-scc-to-user privileged -z ${account}${inNamespace}`);
  }
  const folder = join(out, 'apps', name);
  // The label asks for mounts; without it there are none to check.
  const look =
    app.sidecars === 'none'
      ? []
      : [`media-stack check-media-mounts${namespace === null ? '' : ` ${namespace}`}`];
  if (argocd === null)
    return [...steps, `kubectl apply -k ${shellWord(join(out, baseFolder(name)))}`, ...look];
  return [
    ...steps,
    `git add ${shellWord(folder)} && git commit -m 'Add ${name}' && git push`,
    `kubectl apply -f ${shellWord(join(folder, 'application.yaml'))}`,
    ...look,
  ];
}

export interface Account {
  readonly app: MediaApp;
  readonly manifests: readonly Manifest[];
  readonly steps: readonly string[];
  readonly settings: Settings;
  readonly out: string;
  readonly written: boolean;
}

/** The files in aligned columns; below those that were written the next steps, and what these need in the namespace. */
export function renderAccount({ app, manifests, steps, settings, out, written }: Account): string {
  const rows = manifests.map(({ file, object }) => {
    const kind = object['kind'] as string;
    return [join(out, file), kind, describeKind(kind, app)];
  });
  const table = renderTable([written ? 'WRITTEN' : 'NOT WRITTEN', 'KIND', 'DETAIL'], rows);
  if (!written) return table;
  const next = steps.map((step) => `  ${step}\n`).join('');
  return `${table}\nNext:\n${next}${describeNeeds(app, settings)}`;
}

function describeKind(kind: string, app: MediaApp): string {
  const { exposure, argocd } = app;
  switch (kind) {
    case 'Deployment':
      return `${app.zone}, ${SIDECARS[app.sidecars]}`;
    case 'Service':
      return `port ${app.port}`;
    case 'Kustomization':
      return app.namespace === null ? "the namespace of kubectl's context" : `namespace ${app.namespace}`;
    case 'Application':
      return argocd === null ? '' : `${argocd.path} of ${argocd.repo}`;
    default:
      return describeExposure(exposure);
  }
}

const SIDECARS: Readonly<Record<MediaApp['sidecars'], string>> = {
  label: 'sidecars by the webhook',
  inline: 'sidecars written out',
  none: 'no sidecars',
};

function describeExposure(exposure: Exposure): string {
  switch (exposure.kind) {
    case 'route':
      return exposure.host === null ? 'https, the host is made by OpenShift' : `https://${exposure.host}`;
    case 'ingress':
      return `${exposure.tlsSecret === null ? 'http' : 'https'}://${exposure.host}`;
    case 'gateway':
      return `${exposure.host} at the Gateway ${exposure.gateway.name}`;
    case 'none':
      return '';
  }
}

function describeNeeds({ namespace, sidecars }: MediaApp, { media, remotes }: Settings): string {
  const claim = (media.volume as { persistentVolumeClaim?: { claimName: string } }).persistentVolumeClaim;
  const secrets = sidecars === 'none' ? [] : [...new Set(remotes.map(({ secret }) => secret))];
  const needs = [
    ...(claim === undefined ? [] : [`PersistentVolumeClaim ${claim.claimName}`]),
    ...secrets.map((secret) => `Secret ${secret}`),
  ];
  const where = namespace === null ? 'its namespace' : `namespace ${namespace}`;
  return needs.length === 0 ? '' : `Needed in ${where}: ${needs.join(', ')}\n`;
}
