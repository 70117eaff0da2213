// The types an annotation value can have: what may be written, and what it parses to.
import { cleanPath } from '../pod/mount-path.ts';
import { parseQuantity } from '../pod/quantity.ts';
import { RULE_IDS } from '../problem/rule-ids.ts';
import { mediaPathConflict } from '../settings/container-paths.ts';
import { isDuration } from '../settings/duration.ts';

/** A parsed value, or what would have been right: `"true" or "false"`. */
export type Parsed<T> = { readonly value: T } | { readonly expected: string };

export interface AnnotationType<T> {
  /** For the documentation: what may be written. */
  readonly expected: string;
  /** Every value there is, where they can be listed. */
  readonly choices?: readonly string[];
  readonly parse: (text: string) => Parsed<T>;
}

export const boolean: AnnotationType<boolean> = {
  ...type('"true" or "false"', (text) => (text === 'true' ? true : text === 'false' ? false : null)),
  choices: ['true', 'false'],
};
export const quantity = type('a Kubernetes quantity above zero, e.g. 500m or 2Gi', (text) =>
  (parseQuantity(text) ?? 0) > 0 ? text : null,
);
/** One mebibyte is the least that makes sense for memory or a cache. */
export const bytes = type('a Kubernetes quantity of at least 1Mi, e.g. 2Gi', (text) =>
  (parseQuantity(text) ?? 0) >= 2 ** 20 ? text : null,
);
export const duration = type('a number with a unit, e.g. 60s or 5m', (text) =>
  isDuration(text) ? text : null,
);
export const list = type('names separated by commas', (text) => {
  const names = text.split(',').map((name) => name.trim());
  if (text.trim() === '') return [];
  return names.includes('') ? null : [...new Set(names)];
});
export const ruleList = type('rule IDs separated by commas, e.g. MS404,MS405', (text) => {
  const ids = text.split(',').map((id) => id.trim());
  return ids.every((id) => RULE_IDS.includes(id)) ? [...new Set(ids)] : null;
});
export const path = type(
  'an absolute path of letters, digits and . _ + = @ - that the sidecars do not use, e.g. /mnt/media',
  (text) => {
    if (!/^(\/[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*)+\/?$/.test(text)) return null;
    const path = cleanPath(text);
    return mediaPathConflict(path) === null ? path : null;
  },
);
export const claim = type('the name of a PersistentVolumeClaim', (text) =>
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text) ? text : null,
);

function type<T>(expected: string, parse: (text: string) => T | null): AnnotationType<T> {
  return {
    expected,
    parse: (text) => {
      const value = parse(text);
      return value === null ? { expected } : { value };
    },
  };
}

export function choice<const T extends string>(...values: T[]): AnnotationType<T> {
  const one = type(
    `one of ${values.map((value) => `"${value}"`).join(', ')}`,
    (text) => values.find((value) => value === text) ?? null,
  );
  return { ...one, choices: values };
}
