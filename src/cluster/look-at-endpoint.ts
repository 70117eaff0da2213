// Where a webhook is to be reached: the certificate of a URL, the ready endpoints of a Service.
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { BundleFacts, EndpointFacts } from '../diagnose/facts.ts';
import type { OurWebhook } from '../diagnose/our-webhooks.ts';
import { valueAt } from '../pod/value-at.ts';
import type { Cluster } from './cluster.ts';
import { listObjects, readObject } from './objects.ts';

const TIMEOUT_MS = 3000;

/** Rejects with a ClusterError where the Service cannot be read. */
export async function lookAtEndpoint(
  cluster: Cluster,
  { endpoint, caBundle }: OurWebhook,
): Promise<EndpointFacts> {
  if (endpoint === null) return { kind: 'unreachable', message: 'neither url nor service' };
  if ('url' in endpoint) return lookAtUrl(endpoint.url, caBundle);
  const { namespace, service } = endpoint;
  await readObject(cluster, { kind: 'Service', namespace, name: service });
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const slices = await listObjects(cluster, 'EndpointSlice', namespace, { labelSelector });
  const endpoints = slices.flatMap((slice) =>
    Array.isArray(slice['endpoints']) ? (slice['endpoints'] as unknown[]) : [],
  );
  const ready = endpoints.filter((found) => valueAt(found, ['conditions', 'ready']) !== false).length;
  return { kind: 'service', ready };
}

function lookAtUrl(text: string, caBundle: string | null): Promise<EndpointFacts> {
  const url = new URL(text);
  const ca = caBundle === null ? undefined : Buffer.from(caBundle, 'base64').toString('utf8');
  return new Promise((resolve) => {
    const socket = connect({
      host: url.hostname,
      port: Number(url.port || 443),
      ...(isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
      ...(ca === undefined || !ca.includes('BEGIN CERTIFICATE') ? {} : { ca }),
      rejectUnauthorized: false,
      timeout: TIMEOUT_MS,
    });
    const finish = (facts: EndpointFacts): void => {
      socket.destroy();
      resolve(facts);
    };
    socket.on('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined)
        return finish({ kind: 'unreachable', message: 'it shows no certificate' });
      const code = codeOf(socket.authorizationError);
      finish({
        kind: 'certificate',
        notBefore: Math.floor(certificate.validFromDate.getTime() / 1000),
        notAfter: Math.floor(certificate.validToDate.getTime() / 1000),
        subject: certificate.subject.replaceAll('\n', ', '),
        // Expiry is told by the date.
        trusted: socket.authorized || code === '' || code === 'CERT_HAS_EXPIRED' ? null : code,
      });
    });
    socket.on('timeout', () =>
      finish({ kind: 'unreachable', message: `no answer within ${TIMEOUT_MS / 1000} s` }),
    );
    socket.on('error', (error) => finish({ kind: 'unreachable', message: error.message }));
  });
}

/** Node gives the code of OpenSSL as text, or an error that carries it. */
function codeOf(error: unknown): string {
  if (error instanceof Error)
    return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return typeof error === 'string' ? error : '';
}

/** What a caBundle holds: the certificate of it that ends first. */
export function readBundle(caBundle: string): BundleFacts {
  const pem = Buffer.from(caBundle, 'base64').toString('utf8');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (blocks === null) return { notAfter: null, subject: '', problem: 'it holds no PEM certificate' };
  try {
    const certificates = blocks.map((block) => new X509Certificate(block));
    // Old CAs may stay in the bundle during a rotation: the newest counts.
    const [newest] = certificates.toSorted((a, b) => b.validToDate.getTime() - a.validToDate.getTime());
    if (newest === undefined) return { notAfter: null, subject: '', problem: 'it holds no PEM certificate' };
    return {
      notAfter: Math.floor(newest.validToDate.getTime() / 1000),
      subject: newest.subject.replaceAll('\n', ', '),
      problem: null,
    };
  } catch (error) {
    return { notAfter: null, subject: '', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** By their text in the configuration. */
export function bundlesOf(webhooks: readonly OurWebhook[]): Record<string, BundleFacts> {
  const bundles = webhooks.flatMap(({ caBundle }) => caBundle ?? []);
  return Object.fromEntries([...new Set(bundles)].map((bundle) => [bundle, readBundle(bundle)]));
}
