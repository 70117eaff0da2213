// One row of the recovery table: what was measured over the pods of a series.
import type { KubeObject } from './kubectl.ts';
import { restartsOf } from './node-processes.ts';
import { countReadings } from './node-reader.ts';
import type { Reading } from './node-reader.ts';
import { spreadOf } from './series-table.ts';
import type { Row } from './series-table.ts';

/** Collects while the series runs; the figures are those so far. */
export class RecoverySeries {
  /** A figure per kill, milliseconds. */
  readonly took: number[] = [];
  containerRestarts = 0;
  appRestarts = 0;
  empty = 0;
  readonly #kind: string;

  constructor(kind: string) {
    this.#kind = kind;
  }

  /** Once per pod, before it is removed: its restarts, and what its app has read. */
  addPod(pod: KubeObject, app: string, readings: readonly Reading[]): void {
    const { [app]: appRestarts = 0, ...others } = restartsOf(pod);
    this.appRestarts += appRestarts;
    this.containerRestarts += Object.values(others).reduce((sum, count) => sum + count, 0);
    this.empty += countReadings(readings).empty;
  }

  /** Of at least one kill. */
  row(): Row {
    const { min, median, max } = spreadOf(this.took);
    return {
      kind: this.#kind,
      kills: this.took.length,
      'min ms': min,
      'median ms': median,
      'max ms': max,
      'container restarts': this.containerRestarts,
      'app restarts': this.appRestarts,
      'empty listings': this.empty,
    };
  }
}
