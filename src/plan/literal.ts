// Text that the kubelet must hand on unchanged.

/**
 * Doubles every `$`: the kubelet expands `$(NAME)` and `$$` in command, args and env values
 * (k8s.io/kubernetes third_party/forked/golang/expansion).
 */
export function kubeletLiteral(text: string): string {
  return text.replaceAll('$', '$$$$');
}
