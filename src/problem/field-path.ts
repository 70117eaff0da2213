// Field paths in the notation of the API server (k8s.io/apimachinery/pkg/util/validation/field):
// `spec.containers[0].image`, `metadata.annotations[media-stack/remotes]`.

export type PathSegment = string | number;

const PLAIN_KEY = /^[A-Za-z_$][A-Za-z0-9_-]*$/;

/** `renderFieldPath(['spec', 'containers', 0, 'image'])` is `spec.containers[0].image`. */
export function renderFieldPath(segments: readonly PathSegment[]): string {
  let text = '';
  for (const segment of segments) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (!PLAIN_KEY.test(segment)) text += `[${segment}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}

/** The reverse of `renderFieldPath`; a bracket that holds only digits is an index. */
export function parseFieldPath(path: string): PathSegment[] {
  const segments: PathSegment[] = [];
  let rest = path;
  while (rest !== '') {
    if (rest.startsWith('[')) {
      const end = rest.indexOf(']');
      if (end === -1) return [...segments, rest];
      const key = rest.slice(1, end);
      segments.push(/^\d+$/.test(key) ? Number(key) : key);
      rest = rest.slice(end + 1);
    } else {
      const [key] = /^\.?([^.[]*)/.exec(rest) ?? [''];
      segments.push(key.replace(/^\./, ''));
      rest = rest.slice(key.length);
      if (key === '') return segments;
    }
  }
  return segments;
}

/** Puts a prefix in front of a path: `spec.template` and `spec.volumes` give `spec.template.spec.volumes`. */
export function joinFieldPath(prefix: string, path: string): string {
  if (prefix === '' || path === '') return prefix + path;
  return path.startsWith('[') ? prefix + path : `${prefix}.${path}`;
}
