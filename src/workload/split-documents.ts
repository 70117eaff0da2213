// Cuts a YAML stream into its documents by lines, as kubectl does (apimachinery util/yaml splits at lines that
// begin with `---`): an error in one document, such as an open quote, then cannot swallow the next.

export interface DocumentSlice {
  /** Offset of the first character, a `---` line or comments above it included. */
  readonly start: number;
  readonly end: number;
}

const MARKER = /^(?:---|\.\.\.)(?=\s|$)/;
const NO_CONTENT = /^\s*(?:#.*|%.*)?$/;

/** The documents of a stream, empty ones included, in order; together they are the whole text but for a byte order mark. */
export function splitDocuments(text: string): DocumentSlice[] {
  const slices: DocumentSlice[] = [];
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  // Comments and directives above a `---` belong to the document that it opens.
  let onlyPreamble = true;
  for (let at = start; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const next = newline === -1 ? text.length : newline + 1;
    const line = text.slice(at, next).trimEnd();
    const marker = MARKER.exec(line)?.[0];
    if (marker === '---') {
      if (!onlyPreamble) {
        slices.push({ start, end: at });
        start = at;
      }
      onlyPreamble = false;
    } else if (marker === '...') {
      slices.push({ start, end: next });
      start = next;
      onlyPreamble = true;
    } else if (!NO_CONTENT.test(line)) {
      onlyPreamble = false;
    }
    at = next;
  }
  const last = slices.at(-1);
  if (last !== undefined && onlyPreamble) slices[slices.length - 1] = { start: last.start, end: text.length };
  else slices.push({ start, end: text.length });
  return slices;
}
