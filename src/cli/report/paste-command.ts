// Commands that a person is told to type, for the cluster that was looked at.
import type { ClusterFlags } from '../cluster-options.ts';
import { shellWord } from '../shell-word.ts';

/**
 * The text with --context and --kubeconfig, as they were given, in each `media-stack COMMAND` and `kubectl` of it: pasted
 * without them it would go to another cluster.
 */
export function forSameCluster(text: string, flags: ClusterFlags): string {
  const given = [
    ...(flags.context === undefined ? [] : [`--context ${shellWord(flags.context)}`]),
    ...(flags.kubeconfig === undefined ? [] : [`--kubeconfig ${shellWord(flags.kubeconfig)}`]),
  ].join(' ');
  if (given === '') return text;
  return text.replaceAll(/\b(media-stack [a-z]+(?:-[a-z]+)*|kubectl)(?= )/g, (found) => `${found} ${given}`);
}
