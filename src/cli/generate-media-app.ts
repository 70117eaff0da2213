// `media-stack generate-media-app`: the manifests of a new app, as people would have written them.
import { Option } from 'commander';
import type { Command } from 'commander';
import type { GenerateOptions } from './generate-run.ts';

type GenerateFlags = Omit<GenerateOptions, 'app' | 'image' | 'port' | 'isExposeGiven'>;

/** Puts `generate-media-app` on the program. */
export function registerGenerateMediaApp(program: Command): void {
  program
    .command('generate-media-app')
    .alias('generate')
    .description('write the manifests of a new app: Deployment, Service, Route, kustomization')
    .argument('<app>', 'name of the app, e.g. sonarr')
    .argument('<image>', 'its image, e.g. lscr.io/linuxserver/sonarr:4.0.15')
    .argument('<port>', 'the port on which it listens, e.g. 8989')
    .option('--zone <zone>', 'zone1 cloud gateway, zone2 managers, zone3 player, zone4 discovery', 'zone2')
    .option('--no-sidecars', 'without the label: the app gets no cloud mounts')
    .option('--inline', 'write the sidecars out: no webhook is needed')
    .option('--expose <how>', 'route (OpenShift), ingress, gateway (HTTPRoute) or none', 'route')
    .option('--host <name>', 'host name of the app; ingress and gateway need it')
    .option('--ingress-class <name>', "class of the Ingress (default: the cluster's)")
    .option('--tls-secret <name>', 'Secret with the certificate of the Ingress (default: plain HTTP)')
    .option('--gateway <[namespace/]name>', 'Gateway of the HTTPRoute')
    .option('--gateway-listener <name>', 'its listener (default: each that fits)')
    .option('-n, --namespace <name>', "namespace of the app (default: that of kubectl's context)")
    .option('--openshift', 'annotate the SCC (default: where the settings say platform: openshift)')
    .option('--service-account <name>', 'ServiceAccount of the pods')
    .option('--puid <id>', 'user ID for the app (PUID)', '1000')
    .option('--pgid <id>', 'group ID for the app (PGID)', '1000')
    .option('--tz <zone>', 'time zone of the app (TZ)', 'Etc/UTC')
    .option('--config-path <path>', 'where the app keeps its own files', '/config')
    .option('--argocd <repo>', 'write an Argo CD Application for this git repository too')
    .option('--argocd-project <name>', 'its project (default: default)')
    .option('--argocd-revision <revision>', 'its branch, tag or commit (default: HEAD)')
    .option('--argocd-path <path>', 'the manifests in the repository (default: apps/APP/base)')
    .option('--argocd-destination <cluster>', 'URL or name of the cluster (default: its own)')
    .option(
      '--argocd-namespace <name>',
      'where Argo CD runs (default: argocd; on OpenShift openshift-gitops)',
    )
    .option('--out <folder>', 'the folder that gets apps/APP', '.')
    .option('--dry-run', 'print the files and write nothing')
    .option('--settings <file>', 'settings of the webhook (default: the built-in ones)')
    .addOption(new Option('-o, --output <form>', 'what to print').choices(['text', 'json']).default('text'))
    .option('--json', 'the same as -o json')
    .addHelpText('after', EXAMPLES)
    .action(async (app: string, image: string, port: string, flags: GenerateFlags, command: Command) => {
      const { generateMediaApp } = await import('./generate-run.ts');
      const isExposeGiven = command.getOptionValueSource('expose') !== 'default';
      process.exitCode = await generateMediaApp({ ...flags, app, image, port, isExposeGiven });
    });
}

const EXAMPLES = `
Writes apps/APP/base/{deployment,service,route,kustomization}.yaml. What is there already is never overwritten.
Media path, media volume and preferred nodes come from the settings.

Examples:
  media-stack generate-media-app sonarr lscr.io/linuxserver/sonarr:4.0.15 8989 -n media
  media-stack generate plex lscr.io/linuxserver/plex:1.42.1 32400 --zone zone3 --openshift
  media-stack generate radarr lscr.io/linuxserver/radarr:5.26.2 7878 \\
    --expose ingress --host radarr.example.com --tls-secret radarr-tls
  media-stack generate bazarr lscr.io/linuxserver/bazarr:1.5.2 6767 -n media \\
    --argocd https://github.com/me/cluster.git

Exit codes: 0 written, 1 a file is there already or a rule of the settings\nrefuses the app, 2 could not run.
`;
