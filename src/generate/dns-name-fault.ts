// The two kinds of names that Kubernetes objects have (k8s.io/apimachinery/pkg/util/validation).

export interface NameLimits {
  readonly maxLength?: number;
  /** RFC 1035 in place of RFC 1123, as for a Service. */
  readonly letterFirst?: boolean;
}

const MAX_LABEL = 63;
const MAX_SUBDOMAIN = 253;

/** What is wrong with a text as an RFC 1123 label (`sonarr`), or null. */
export function labelFault(
  name: string,
  { maxLength = MAX_LABEL, letterFirst }: NameLimits = {},
): string | null {
  if (name === '') return 'is empty';
  if (!/^[a-z0-9-]+$/.test(name)) return 'has other characters than lower-case letters, digits and -';
  if (name.startsWith('-') || name.endsWith('-')) return 'begins or ends with -';
  if (letterFirst && !/^[a-z]/.test(name)) return 'does not begin with a letter';
  return name.length > maxLength ? `has ${name.length} characters, at most ${maxLength} are allowed` : null;
}

/** What is wrong with a text as an RFC 1123 subdomain (`sonarr.example.com`), or null. */
export function subdomainFault(name: string): string | null {
  if (name === '') return 'is empty';
  if (name.length > MAX_SUBDOMAIN)
    return `has ${name.length} characters, at most ${MAX_SUBDOMAIN} are allowed`;
  for (const label of name.split('.')) {
    if (label === '') return 'begins or ends with a dot, or has two in a row';
    const fault = labelFault(label);
    if (fault !== null)
      return name === label ? fault : `has the part ${JSON.stringify(label)}, which ${fault}`;
  }
  return null;
}

/** The nearest label to a text, or null where nothing of it is left: `My App` gives `my-app`. */
export function suggestLabel(
  name: string,
  { maxLength = MAX_LABEL, letterFirst }: NameLimits = {},
): string | null {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(letterFirst ? /^[^a-z]+/ : /^-+/, '')
    .slice(0, maxLength)
    .replace(/-+$/, '');
  return plain === '' ? null : plain;
}
