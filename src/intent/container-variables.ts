// The environment of a container, as far as a manifest shows it.
import { isJsonObject } from '../pod/json.ts';
import type { Container } from '../pod/pod.ts';

/** No sidecar has more, and nobody has looked at the length of the list. */
const MAX_VARIABLES = 200;
/** A word may name a variable again and again; no mount point is longer. */
const MAX_VALUE_LENGTH = 256;

export interface Variable {
  readonly name: string;
  /** Null where it comes from elsewhere: a Secret, a field of the pod. */
  readonly value: string | null;
}

/** The variables that are written out in `env`, in their order; its shape was never checked. */
export function readVariables({ env }: Container): Variable[] {
  if (!Array.isArray(env)) return [];
  return env.slice(0, MAX_VARIABLES).flatMap((variable: unknown): Variable[] => {
    if (!isJsonObject(variable) || typeof variable['name'] !== 'string') return [];
    const { name, value } = variable;
    return [{ name, value: typeof value === 'string' ? value : null }];
  });
}

/** `$(NAME)` of the kubelet, `$NAME` and `${NAME}` of a shell, at the beginning of a word. */
const REFERENCE = /^\$(?:\((\w+)\)|\{(\w+)\}|(\w+))/;

/** A function that puts in the variable that a word begins with; a word whose value nobody knows stays as it is. */
export function variableResolver(container: Container): (word: string) => string {
  let values: ReadonlyMap<string, string> | undefined;
  return (word) => {
    const [reference = '', ...names] = REFERENCE.exec(word) ?? [];
    if (reference === '') return word;
    values ??= readValues(container);
    const value = values.get(names.find((name) => name !== undefined) ?? '');
    return value === undefined ? word : value + word.slice(reference.length);
  };
}

function readValues(container: Container): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of readVariables(container))
    if (value !== null && value.length <= MAX_VALUE_LENGTH) values.set(name, value);
  return values;
}
