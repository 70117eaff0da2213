// May the service account of a pod use the SCC "privileged"? OpenShift only.
import { known } from '../diagnose/known.ts';
import type { Known } from '../diagnose/known.ts';
import type { Subject } from '../diagnose/subject.ts';
import { valueAt } from '../pod/value-at.ts';
import type { Cluster } from './cluster.ts';
import { learn } from './learn.ts';
import { createReview, readObject } from './objects.ts';

/** As SCC admission asks (matcher.go, authorizedForSCC), and the lists of the SCC itself, which no RBAC tool sees. */
export async function askScc(
  cluster: Cluster,
  subject: Subject,
  signal: AbortSignal,
): Promise<Known<boolean>> {
  const { namespace } = subject;
  const found = valueAt(subject.object, ['spec', 'serviceAccountName']);
  const account = typeof found === 'string' && found !== '' ? found : 'default';
  const user = `system:serviceaccount:${namespace}:${account}`;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  const review = await learn('create subjectaccessreviews', () =>
    createReview(cluster, 'SubjectAccessReview', {
      user,
      groups,
      resourceAttributes: {
        group: 'security.openshift.io',
        resource: 'securitycontextconstraints',
        name: 'privileged',
        verb: 'use',
        namespace,
      },
    }),
  );
  if (review.state === 'known' && valueAt(review.value, ['status', 'allowed']) === true) return known(true);
  const scc = await learn('get securitycontextconstraints', () =>
    readObject(cluster, { kind: 'SecurityContextConstraints', namespace: null, name: 'privileged' }, signal),
  );
  if (scc.state === 'known') {
    const listed = [...listOf(scc.value['users']), ...listOf(scc.value['groups'])];
    return known([user, ...groups].some((name) => listed.includes(name)));
  }
  return review.state === 'known' && scc.state !== 'not_allowed'
    ? known(false)
    : review.state === 'known'
      ? scc
      : review;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
