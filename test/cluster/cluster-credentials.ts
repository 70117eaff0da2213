// Who may do what in a cluster of ours: a CA of its own, a token for each component, and a kubeconfig for each token.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs-tool/issue.ts';
import { issueClientCertificate, newKeyPem } from './client-certificate.ts';

export const NODE_NAME = 'localhost';

const IDENTITIES = {
  admin: { user: 'media-stack-admin', group: 'system:masters' },
  'controller-manager': { user: 'system:kube-controller-manager', group: '' },
  scheduler: { user: 'system:kube-scheduler', group: '' },
  kubelet: { user: `system:node:${NODE_NAME}`, group: 'system:nodes' },
} as const;

export type Identity = keyof typeof IDENTITIES;

export interface ClusterCredentials {
  readonly caFile: string;
  readonly servingCertificate: string;
  readonly servingKey: string;
  /** The API server as a client of etcd and kubelet. */
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly serviceAccountKey: string;
  readonly tokenFile: string;
  readonly kubeconfigs: Readonly<Record<Identity, string>>;
}

const VALID_DAYS = 1;

/** Writes everything into the folder, which must exist. */
export async function writeCredentials(
  folder: string,
  server: string,
  now: Date,
): Promise<ClusterCredentials> {
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const ca = await issueCertificateAuthority({
    commonName: 'media-stack test CA',
    now,
    validDays: VALID_DAYS,
  });
  const serving = await issueServingCertificate({
    ca,
    dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    ipAddresses: ['127.0.0.1'],
    now,
    validDays: VALID_DAYS,
  });
  const client = issueClientCertificate({
    ca,
    commonName: 'kube-apiserver',
    organization: 'system:masters',
    now,
  });
  const tokens = mapIdentities(() => randomBytes(16).toString('hex'));
  const lines = mapIdentities((name) => {
    const { user, group } = IDENTITIES[name];
    return `${tokens[name]},${user},${name}${group === '' ? '' : `,"${group}"`}`;
  });
  const caFile = write('ca.crt', ca.certificatePem);
  mkdirSync(join(folder, 'kubeconfigs'));
  return {
    caFile,
    servingCertificate: write('serving.crt', serving.certificatePem),
    servingKey: write('serving.key', serving.keyPem),
    clientCertificate: write('client.crt', client.certificatePem),
    clientKey: write('client.key', client.keyPem),
    serviceAccountKey: write('service-account.key', newKeyPem()),
    tokenFile: write('tokens.csv', `${Object.values(lines).join('\n')}\n`),
    kubeconfigs: mapIdentities((name) =>
      write(`kubeconfigs/${name}`, renderKubeconfig(server, ca.certificatePem, name, tokens[name])),
    ),
  };
}

function renderKubeconfig(server: string, caPem: string, user: string, token: string): string {
  const caData = Buffer.from(caPem).toString('base64');
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'media-stack', cluster: { server, 'certificate-authority-data': caData } }],
      users: [{ name: user, user: { token } }],
      contexts: [{ name: 'media-stack', context: { cluster: 'media-stack', user } }],
      'current-context': 'media-stack',
    },
    null,
    2,
  )}\n`;
}

function mapIdentities<T>(make: (name: Identity) => T): Record<Identity, T> {
  const names = Object.keys(IDENTITIES) as Identity[];
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Identity, T>;
}
