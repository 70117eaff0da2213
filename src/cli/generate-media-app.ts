// `media-stack generate-media-app APP IMAGE PORT`: the manifests of a new app, ready for Git.
import { Option } from 'commander';
import type { Command } from 'commander';

export interface GenerateFlags {
  readonly zone: string;
  /** False for --no-sidecars. */
  readonly sidecars: boolean;
  readonly inline?: boolean;
  readonly dryRun?: boolean;
  readonly expose: string;
  readonly host?: string;
  readonly ingressClass?: string;
  readonly tlsSecret?: string;
  readonly gateway?: string;
  readonly openshift?: boolean;
  readonly argocd?: string;
  readonly argocdProject: string;
  readonly argocdRevision: string;
  readonly argocdDestination: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly puid: string;
  readonly pgid: string;
  readonly tz: string;
  readonly out: string;
  readonly settings?: string;
  readonly output: 'yaml' | 'json';
  readonly json?: boolean;
}

/** Puts `generate-media-app` (`generate`) on the program. */
export function registerGenerateMediaApp(program: Command): void {
  program
    .command('generate-media-app')
    .alias('generate')
    .description('write the manifests of a new app: Deployment, Service, way in, kustomization')
    .argument('<app>', 'name of the app, of its objects, and of its folder')
    .argument('<image>', 'image with its version')
    .argument('<port>', 'port that the app listens on')
    .option('--zone <zone>', 'zone1 gateway, zone2 managers, zone3 player, zone4 discovery', 'zone2')
    .option('--no-sidecars', 'without the label: the app gets no mounts')
    .option('--inline', 'write the sidecars out, for clusters without the webhook')
    .option('--expose <way>', 'route, ingress, gateway or none', 'route')
    .option('--host <name>', 'host name of the way in')
    .option('--ingress-class <name>', 'class of the Ingress')
    .option('--tls-secret <name>', 'Secret with the certificate of the Ingress')
    .option('--gateway <name>', 'Gateway of the HTTPRoute: NAME or NAMESPACE/NAME')
    .option('--openshift', 'have the pods admitted by the SCC privileged')
    .option('--argocd <repository>', 'write an Argo CD Application for this Git repository too')
    .option('--argocd-project <name>', 'its project', 'default')
    .option('--argocd-revision <revision>', 'branch, tag or commit it follows', 'HEAD')
    .option('--argocd-destination <cluster>', 'URL or name of its cluster', 'https://kubernetes.default.svc')
    .option('-n, --namespace <namespace>', 'namespace, written into kustomization.yaml')
    .option('--service-account <name>', 'ServiceAccount of the pods')
    .option('--puid <id>', 'user id of the app (linuxserver images)', '1000')
    .option('--pgid <id>', 'group id of the app', '1000')
    .option('--tz <zone>', 'time zone of the app', 'Etc/UTC')
    .option('--out <folder>', 'where the folder apps/ is', '.')
    .option('--dry-run', 'print the files, write nothing')
    .option('--settings <file>', 'settings of the webhook: media path and volume, preferred nodes')
    .addOption(
      new Option('-o, --output <form>', 'form of --dry-run').choices(['yaml', 'json']).default('yaml'),
    )
    .option('--json', 'the same as -o json')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, image: string, port: string, flags: GenerateFlags) => {
      const { generateMediaApp } = await import('./generate-run.ts');
      process.exitCode = await generateMediaApp({ name, image, port }, flags);
    });
}

const EXAMPLES = `
Writes apps/APP/base/ and never over a file that is there.

Examples:
  media-stack generate-media-app sonarr lscr.io/linuxserver/sonarr:4.0.15 8989 -n media
  media-stack generate bazarr lscr.io/linuxserver/bazarr:1.5.1 6767 --expose ingress --host bazarr.example.org
  media-stack generate plex plexinc/pms-docker:1.41.4 32400 --zone zone3 --expose none --dry-run
  media-stack generate radarr lscr.io/linuxserver/radarr:5.21.1 7878 --openshift -n media \\
    --argocd https://git.example.org/home/apps.git

Exit codes: 0 done, 2 could not run (a word is wrong, a file is there already).
`;
