// --argocd and the options that go with it.
import { quote } from '../problem/quote.ts';
import type { AppRequest, Complain } from './app-request.ts';
import { labelFault, subdomainFault } from './dns-name-fault.ts';
import type { ArgoCd } from './media-app.ts';

/** The cluster that Argo CD runs in, by the URL that it knows it by. */
const OWN_CLUSTER = 'https://kubernetes.default.svc';

const DEPENDENT: readonly (readonly [string, keyof AppRequest])[] = [
  ['--argocd-project', 'argocdProject'],
  ['--argocd-revision', 'argocdRevision'],
  ['--argocd-path', 'argocdPath'],
  ['--argocd-destination', 'argocdDestination'],
  ['--argocd-namespace', 'argocdNamespace'],
];

const REPO_MEND = 'The URL as git clone takes it, e.g. --argocd https://github.com/me/cluster.git';

/** Null without --argocd. */
export function checkArgoCd(request: AppRequest, complain: Complain): ArgoCd | null {
  const { app, argocd: repo } = request;
  if (repo === undefined) {
    for (const [option, field] of DEPENDENT)
      if (request[field] !== undefined)
        complain(
          option,
          'says something about an Application, and --argocd REPO, which asks for one, is missing',
          REPO_MEND,
        );
    return null;
  }
  checkRepo(repo, complain);
  if (request.namespace === undefined)
    complain('-n', 'is missing: an Application names the namespace of its app', 'Name it, e.g. -n media');
  return {
    repo,
    project: checkWord('--argocd-project', request.argocdProject ?? 'default', subdomainFault, complain),
    revision: checkWord('--argocd-revision', request.argocdRevision ?? 'HEAD', revisionFault, complain),
    path: checkWord('--argocd-path', request.argocdPath ?? `apps/${app}/base`, pathFault, complain),
    destination: checkDestination(request.argocdDestination ?? OWN_CLUSTER, complain),
    namespace: checkWord(
      '--argocd-namespace',
      request.argocdNamespace ?? (request.openshift ? 'openshift-gitops' : 'argocd'),
      labelFault,
      complain,
    ),
  };
}

function checkRepo(repo: string, complain: Complain): void {
  // The secret is not said again: what is printed ends in logs.
  const credentials = /^[a-z+]+:\/\/[^/@]*:[^/]*@/i.exec(repo) ?? /^https?:\/\/[^/]*@/i.exec(repo);
  if (credentials !== null) {
    complain(
      '--argocd',
      'has a user or password in the URL: the Application would carry it into git',
      'Leave it away, and give the credentials to Argo CD: argocd repo add URL --username USER',
    );
  } else if (!/^(https?|ssh|git):\/\/[^\s/]+\/\S+$/.test(repo) && !/^[\w.-]+@[\w.-]+:[^\s:]+$/.test(repo))
    complain('--argocd', `${quote(repo)} is not the URL of a git repository`, REPO_MEND);
}

function checkDestination(destination: string, complain: Complain): ArgoCd['destination'] {
  if (!/^https?:/.test(destination))
    return { name: checkWord('--argocd-destination', destination, clusterFault, complain) };
  if (!/^https?:\/\/[^\s/@]+(\/\S*)?$/.test(destination))
    complain(
      '--argocd-destination',
      `${quote(destination)} is not the URL of an API server`,
      'As argocd cluster list shows it, e.g. --argocd-destination https://10.0.0.1:6443, or the name of the cluster.',
    );
  return { server: destination };
}

function checkWord(
  option: string,
  word: string,
  faultOf: (word: string) => string | null,
  complain: Complain,
): string {
  const fault = faultOf(word);
  if (fault !== null) complain(option, `${quote(word)} ${fault}`, `${EXAMPLES[option] ?? ''}.`);
  return word;
}

const EXAMPLES: Readonly<Record<string, string>> = {
  '--argocd-project': 'The name of an AppProject, e.g. --argocd-project default',
  '--argocd-revision': 'A branch, tag or commit, e.g. --argocd-revision main',
  '--argocd-path': 'The folder of the manifests in the repository, e.g. --argocd-path apps/sonarr/base',
  '--argocd-destination': 'The name or URL of a cluster as argocd cluster list shows it, e.g. in-cluster',
  '--argocd-namespace': 'The namespace in which Argo CD runs, e.g. --argocd-namespace argocd',
};

/** git check-ref-format, as far as a slip would break it. */
function revisionFault(revision: string): string | null {
  return /^[\w^][\w./@+#-]*$/.test(revision) && !revision.includes('..')
    ? null
    : 'is not the name of a revision';
}

function pathFault(path: string): string | null {
  return /^[^/\s]+(\/[^/\s]+)*$/.test(path) && !path.split('/').includes('..')
    ? null
    : 'is not a path below the root of the repository';
}

function clusterFault(name: string): string | null {
  return /^[\w][\w.-]*$/.test(name) ? null : 'is not the name of a cluster';
}
