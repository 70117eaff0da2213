// What the Deployment tells its reader, each word at its field.
import { resolveIntent } from '../intent/intent.ts';
import { MOUNTS_LABEL } from '../intent/labels.ts';
import { isJsonObject } from '../pod/json.ts';
import type { Json, JsonObject } from '../pod/json.ts';
import { valueAt } from '../pod/value-at.ts';
import type { Settings } from '../settings/schema.ts';
import type { Comment } from './manifest.ts';
import type { MediaApp } from './media-app.ts';
import { REQUIRED_SCC } from './render-deployment.ts';

const TEMPLATE = ['spec', 'template'];
const POD = [...TEMPLATE, 'spec'];

/** Comments for what `renderDeployment` gave, with sidecars written out or not. */
export function commentDeployment(deployment: JsonObject, app: MediaApp, settings: Settings): Comment[] {
  const containers = valueAt(deployment, [...POD, 'containers']) as readonly Json[];
  const index = containers.findIndex(
    (container) => isJsonObject(container) && container['name'] === app.name,
  );
  const container = [...POD, 'containers', index];
  const comments: Comment[] = [
    { path: [], text: `${app.name} ${describeMounts(app, settings)}` },
    {
      path: ['spec', 'strategy'],
      text: `The database in ${app.configPath} must never be open in two pods at once.`,
    },
    {
      path: [...POD, 'enableServiceLinks'],
      text: `No variables like ${variableName(app.name)}_PORT=tcp://... of Services: an app may take one for its own.`,
    },
    {
      path: [...POD, 'terminationGracePeriodSeconds'],
      text:
        app.sidecars === 'none'
          ? 'Time for the app to end.'
          : 'Time for the app to end, and for the sidecars to unmount after it.',
    },
    {
      path: [...container, 'volumeMounts', 0],
      text: "The app's own files: a folder of the library, without mounts below it.",
    },
    {
      path: [...container, 'volumeMounts', 1],
      text: 'The library. HostToContainer: what is mounted in it after the start is seen too.',
    },
    { path: [...container, 'startupProbe'], text: 'Up to five minutes for the first start.' },
  ];
  const labelled = [...TEMPLATE, 'metadata', 'labels', MOUNTS_LABEL];
  if (app.sidecars === 'label')
    comments.push({
      path: labelled,
      text: 'Asks the webhook for the mounts. It counts here, on the pod template.',
    });
  if (app.openshift)
    comments.push({
      path: [...TEMPLATE, 'metadata', 'annotations', REQUIRED_SCC],
      text: 'The sidecars need this SCC, and OpenShift chooses one before they are there.',
    });
  if (settings.preferredNodes.length > 0)
    comments.push({
      path: [...POD, 'affinity'],
      text: 'Preferred, never required: with these nodes down the app still runs.',
    });
  return comments;
}

function describeMounts({ sidecars }: MediaApp, settings: Settings): string {
  if (sidecars === 'none' || settings.remotes.length === 0) return 'without cloud mounts.';
  const where = resolveIntent({}, settings)
    .intent.remotes.map(({ path }) => path)
    .join(', ');
  return sidecars === 'label'
    ? `with cloud mounts (${where}): the webhook adds the sidecars to each pod.`
    : `with cloud mounts (${where}): the sidecars are written out, as the webhook would add them.`;
}

/** As the kubelet writes it (pkg/kubelet/envvars). */
function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
