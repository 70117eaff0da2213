// `npm run cluster`: a node with the webhook of this checkout, for a developer to play with, until Ctrl-C.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { buildTools } from './build-tools.ts';
import { renderDeployment, renderMediaClaim, renderSecret } from './media-app.ts';
import { findProvider } from './provider.ts';
import type { TestCluster } from './test-cluster.ts';
import { renderRcloneConfig, startWebdav } from './webdav.ts';
import { startWebhook } from './webhook.ts';

const NAMESPACE = 'media';

async function main(): Promise<number> {
  const provider = await findProvider('node', { ...process.env, MEDIA_STACK_REQUIRE_ALL: undefined });
  if (provider === null) return 2;
  let signalled: (signal: string) => void = () => {};
  const stopped = new Promise<string>((resolve) => (signalled = resolve));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => signalled(signal));
  await provider.prepare();
  say('starting a control plane and a node ...');
  const cluster = await provider.start();
  const stops: (() => Promise<void>)[] = [() => cluster.stop()];
  try {
    const settings = readSettings(process.argv.slice(2));
    const { folder, kubectl, webhookAddress: address } = cluster;
    const webhook = await startWebhook({ folder, kubectl, address, settings });
    stops.unshift(() => webhook.stop());
    stops.unshift(await fillNamespace(cluster));
    process.stdout.write(await renderBanner(cluster, webhook.logFile));
    say(`${await stopped}: ending ...`);
  } finally {
    for (const stop of stops) await stop();
  }
  return 0;
}

/** Everything a labelled app needs: two WebDAV servers with a file each, Secrets, and the media claim. */
async function fillNamespace(cluster: TestCluster): Promise<() => Promise<void>> {
  const { folder, kubectl, rclone } = cluster;
  if (rclone === undefined) throw new Error('this cluster has no node of ours');
  const zurg = await startWebdav({ folder, rclone, name: 'zurg', files: { '__all__/film.txt': 'a film\n' } });
  const torbox = await startWebdav({
    folder,
    rclone,
    name: 'torbox',
    files: { 'torrents/show.txt': 'a show\n' },
  });
  await kubectl.createNamespace(NAMESPACE);
  const library = join(folder, 'library');
  mkdirSync(library);
  for (const object of [
    renderSecret(NAMESPACE, 'rclone-zurg-config', renderRcloneConfig('zurg', zurg.url)),
    renderSecret(NAMESPACE, 'rclone-config', renderRcloneConfig('torbox', torbox.url)),
    ...renderMediaClaim(NAMESPACE, library),
  ]) {
    await kubectl.create(object);
  }
  const sonarr = JSON.stringify(renderDeployment({ namespace: NAMESPACE }), null, 2);
  writeFileSync(join(folder, 'sonarr.json'), `${sonarr}\n`);
  return async () => {
    await Promise.all([zurg.stop(), torbox.stop()]);
  };
}

async function renderBanner(cluster: TestCluster, webhookLog: string): Promise<string> {
  const { folder, kubeconfig } = cluster;
  const { kubectl } = await buildTools(['kubectl']);
  const app = `-n ${NAMESPACE} deployment/sonarr -c sonarr`;
  const pid = cluster.node?.namespace.pid ?? 0;
  return `
A Kubernetes node is running, with the webhook of this checkout in front of it.

  export KUBECONFIG=${kubeconfig}
  alias kubectl=${kubectl}

Try it:

  kubectl apply -f ${join(folder, 'sonarr.json')} && kubectl rollout status -n ${NAMESPACE} deployment/sonarr
  kubectl exec ${app} -- cat /mnt/media/zurg/__all__/film.txt
  kubectl get pods -n ${NAMESPACE} -o yaml | grep -A3 media-stack/

The webhook's log:  tail -f ${webhookLog}
The node's mounts:  grep rclone /proc/${pid}/mountinfo

Ctrl-C ends it and leaves nothing behind.
`;
}

/** `--settings FILE`, as `media-stack serve` has it. */
function readSettings(args: readonly string[]): object {
  const { values } = parseArgs({ args: [...args], options: { settings: { type: 'string' } } });
  return values.settings === undefined
    ? {}
    : ((parse(readFileSync(values.settings, 'utf8')) ?? {}) as object);
}

function say(line: string): void {
  process.stderr.write(`media-stack cluster: ${line}\n`);
}

process.exitCode = await main();
