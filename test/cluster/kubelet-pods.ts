// What the kubelet itself knows, asked at its own port: the API server does not proxy to a loopback address.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ClusterCredentials } from './cluster-credentials.ts';
import type { KubeObject } from './kubectl.ts';

/** Uids of the pods that it has been told to run. */
export async function podsOfKubelet(port: number, credentials: ClusterCredentials): Promise<string[]> {
  const body = await new Promise<string>((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path: '/pods',
      cert: readFileSync(credentials.clientCertificate),
      key: readFileSync(credentials.clientKey),
      // It signs its own certificate, and the port is one that we gave it.
      rejectUnauthorized: false,
      timeout: 5000,
    });
    asked.once('response', (response) => void text(response).then(resolve, reject));
    asked.once('timeout', () => asked.destroy(new Error('the kubelet does not answer')));
    asked.once('error', reject);
    asked.end();
  });
  return uidsOf(body);
}

/** Uids in a PodList. */
export function uidsOf(podList: string): string[] {
  const { items } = JSON.parse(podList) as { items: KubeObject[] | null };
  return (items ?? []).map(({ metadata }) => metadata['uid'] as string);
}
