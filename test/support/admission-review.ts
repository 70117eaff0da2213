// AdmissionReviews as the API server sends them, for tests.
import type { AdmissionApiVersion } from '../../src/admission/review.ts';

export interface ReviewUnderTest {
  readonly apiVersion: AdmissionApiVersion;
  readonly kind: 'AdmissionReview';
  readonly request: { readonly uid: string; readonly object: unknown; readonly [field: string]: unknown };
}

/** A pod as a ReplicaSet makes it: no name, no namespace yet. */
export const PLAIN_POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'sonarr-6d5f-', labels: { app: 'sonarr', 'media-stack/cloud-mounts': 'true' } },
  spec: {
    containers: [{ name: 'sonarr', image: 'linuxserver/sonarr:4.0.10', volumeMounts: [] }],
    volumes: [{ name: 'config', emptyDir: {} }],
  },
} as const;

let reviews = 0;

/** The review of a pod's creation, with a uid of its own; fields of `request` can be replaced. */
export function reviewOf(
  request: Readonly<Record<string, unknown>> = {},
  apiVersion: AdmissionApiVersion = 'admission.k8s.io/v1',
): ReviewUnderTest {
  reviews += 1;
  const kind = { group: '', version: 'v1', kind: 'Pod' };
  const resource = { group: '', version: 'v1', resource: 'pods' };
  return {
    apiVersion,
    kind: 'AdmissionReview',
    request: {
      uid: `00000000-0000-4000-8000-${String(reviews).padStart(12, '0')}`,
      kind,
      resource,
      requestKind: kind,
      requestResource: resource,
      name: '',
      namespace: 'media',
      operation: 'CREATE',
      userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] },
      object: PLAIN_POD,
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
      ...request,
    },
  };
}
