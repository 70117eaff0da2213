import { describe, expect, it } from 'vitest';
import { startProgress } from '../../../src/cli/report/progress.ts';

/** A terminal that keeps what is written to it, and a clock that the test sets. */
function terminal(fields: { readonly isTTY?: boolean; readonly columns?: number }) {
  const written: string[] = [];
  const clock = { now: 0 };
  const stream = {
    ...fields,
    write: (text: string) => {
      written.push(text);
      return true;
    },
  } as unknown as NodeJS.WritableStream;
  return { written, clock, progress: startProgress(stream, () => clock.now) };
}

describe('progress', () => {
  it('shows nothing of work that is over within half a second', () => {
    const { written, clock, progress } = terminal({ isTTY: true });
    for (clock.now of [0, 250, 499]) progress.update('a');
    progress.end();
    expect(written).toEqual([]);
  });

  it('writes one line over the other, ten times a second at most, and takes the last one away', () => {
    const { written, clock, progress } = terminal({ isTTY: true });
    for (clock.now of [0, 500, 501, 599, 600, 601, 5000]) progress.update(`at ${clock.now}`);
    progress.end();
    expect(written).toEqual(['\r\u001b[Kat 500', '\r\u001b[Kat 600', '\r\u001b[Kat 5000', '\r\u001b[K']);
  });

  it.each([
    [20, 19],
    [0, 79],
    [undefined, 79],
  ])('cuts a line that a terminal of %s columns would break', (columns, length) => {
    const { written, clock, progress } = terminal({
      isTTY: true,
      ...(columns === undefined ? {} : { columns }),
    });
    clock.now = 1000;
    progress.update('x'.repeat(200));
    expect(written).toEqual([`\r\u001b[K${'x'.repeat(length)}`]);
  });

  it.each([{ isTTY: false }, {}])('is nothing where there is no terminal: %j', (fields) => {
    const { written, clock, progress } = terminal(fields);
    clock.now = 10_000;
    progress.update('a');
    progress.end();
    expect(written).toEqual([]);
  });
});
