// What a rule is as CEL: expressions of a ValidatingAdmissionPolicy that hold where the rule has nothing to say.
import type { Settings } from '../../settings/schema.ts';
import type { Rule } from '../rule.ts';

/** What an expression may name beside the variables of cel-variables.ts. */
export interface CelContext {
  readonly settings: Settings;
  /** CEL of the pod's or the template's spec: `object.spec.template.spec`. */
  readonly spec: string;
  readonly origin: 'pod' | 'template';
}

export interface CelValidation {
  /** True where the object is good. */
  readonly expression: string;
  /** A string: value found and mend, without the rule's ID. */
  readonly message: string;
}

export interface CelRule {
  /** Only a deny rule can be listed: TypeScript refuses another one. */
  readonly rule: Rule & { readonly level: 'deny' };
  /** Where it is held: in a template only what needs no injection. */
  readonly origins: readonly ('pod' | 'template')[];
  readonly validations: (context: CelContext) => readonly CelValidation[];
}

/** A string literal of CEL; its escapes are a superset of those of JSON (cel-spec, Lexis). */
export function celString(text: string): string {
  return JSON.stringify(text);
}

/** A list of string literals. */
export function celList(texts: readonly string[]): string {
  return `[${texts.map(celString).join(', ')}]`;
}
