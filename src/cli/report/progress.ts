// One line on a terminal that says how far long work is; nothing anywhere else.

export interface Progress {
  update(text: string): void;
  /** Takes the line away. */
  end(): void;
}

const EVERY_MS = 100;
/** Work that is over sooner shows nothing. */
const FIRST_MS = 500;

/** Of a terminal that does not say, or that says 0, as a new one does. */
const DEFAULT_COLUMNS = 80;

/** `now` is for tests. */
export function startProgress(
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number },
  now: () => number = () => performance.now(),
): Progress {
  if (stream.isTTY !== true) return { update: () => {}, end: () => {} };
  let next = now() + FIRST_MS;
  let shown = false;
  return {
    update(text) {
      if (now() < next) return;
      next = now() + EVERY_MS;
      shown = true;
      stream.write(`\r\u001b[K${text.slice(0, (stream.columns || DEFAULT_COLUMNS) - 1)}`);
    },
    end() {
      if (shown) stream.write('\r\u001b[K');
    },
  };
}
