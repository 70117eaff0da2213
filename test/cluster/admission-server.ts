// A tiny admission webhook of the tests: somebody else's in the cluster, or ours when it is broken.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { isIP } from 'node:net';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs-tool/issue.ts';
import type { KubeObject } from './kubectl.ts';
import type { WebhookAddress } from './webhook.ts';

/**
 * What it answers to a request for a path: the object as it shall be (the same object: no patch), an HTTP status with
 * no body, or nothing at all.
 */
export type Answer = (path: string, object: KubeObject) => KubeObject | number | 'never';

export interface AdmissionServer {
  /** `https://HOST:PORT` as the API server reaches it. */
  readonly url: string;
  readonly caPem: string;
  stop(): Promise<void>;
}

/** Listens on a port of its own, with a certificate that its CA has signed. */
export async function startAdmissionServer(
  { listenHost, host }: WebhookAddress,
  answer: Answer,
  /** When its certificate, good for a day, was issued; the CA is good for a month. */
  issuedAt: Date = new Date(),
): Promise<AdmissionServer> {
  const now = issuedAt;
  const ca = await issueCertificateAuthority({ commonName: 'another webhook CA', now, validDays: 30 });
  const isAddress = isIP(host) !== 0;
  const { certificatePem: cert, keyPem: key } = await issueServingCertificate({
    ca,
    dnsNames: isAddress ? [] : [host],
    ipAddresses: isAddress ? [host] : [],
    now,
    validDays: 1,
  });
  const server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const review = JSON.parse(Buffer.concat(chunks).toString()) as KubeObject;
      const path = new URL(request.url ?? '/', 'https://here').pathname;
      const { object, uid } = review['request'] as { object: KubeObject; uid: string };
      const answered = answer(path, object);
      if (answered === 'never') return;
      if (typeof answered === 'number') {
        response.writeHead(answered).end();
        return;
      }
      const patched = answered === object ? {} : { patchType: 'JSONPatch', patch: patchTo(object, answered) };
      const body = { ...review, request: undefined, response: { uid, allowed: true, ...patched } };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, listenHost, resolve);
  });
  return {
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    caPem: ca.certificatePem,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whole fields, as simple webhooks do it. */
function patchTo(object: KubeObject, wanted: KubeObject): string {
  const operations = Object.keys(wanted)
    .filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(object[key]))
    .map((key) => ({ op: 'add', path: `/${key}`, value: wanted[key] as unknown }));
  return Buffer.from(JSON.stringify(operations)).toString('base64');
}
