// The signals that end a server: the first asks, a later one insists.

/** `npm start` hands Ctrl-C on although the terminal has sent it to every process already: two within moments are one. */
const SAME_SIGNAL_MS = 1_000;
const SIGNAL_NUMBERS: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGTERM: 15,
};

/**
 * Resolves with the first of `signals`. Another one more than a second later ends the process at once, with the exit
 * code that a shell gives to a process that was ended by it.
 */
export function waitForStopSignal(signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const signal of signals) {
      process.on(signal, () => {
        if (firstAt === undefined) {
          firstAt = performance.now();
          resolve(signal);
        } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
          process.exit(128 + (SIGNAL_NUMBERS[signal] ?? 0));
        }
      });
    }
  });
}
