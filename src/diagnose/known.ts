// A fact that could be had, or why not: with partial rights, or without exec, the other checks go on.

export type Known<T> =
  | { readonly state: 'known'; readonly value: T }
  /** It does not exist. */
  | { readonly state: 'absent' }
  /** RBAC says no; `right` as `kubectl auth can-i` takes it: `get secrets -n media`. */
  | { readonly state: 'not_allowed'; readonly right: string }
  | { readonly state: 'not_asked'; readonly why: string };

/** A fact that is there. */
export function known<T>(value: T): Known<T> {
  return { state: 'known', value };
}

/** The value, or null for every reason why it is not there. */
export function valueOf<T>(fact: Known<T>): T | null {
  return fact.state === 'known' ? fact.value : null;
}
