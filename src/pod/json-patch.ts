// The JSON Patch operations this project writes (RFC 6902): only `add` when injecting, only `remove` and the
// `replace` of a value we wrote when taking it out again.

export type Operation =
  | { readonly op: 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };
