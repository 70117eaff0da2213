// A server that accepts every connection and never answers, for minutes: what Real-Debrid does on a bad day. With the
// default settings no probe may take it for a dead mount.
import { describe, expect, it } from 'vitest';
import { publishTable } from './endurance-report.ts';
import { enduranceSizes } from './endurance-sizes.ts';
import { restartsOf } from './node-processes.ts';
import { countReadings, READER } from './node-reader.ts';
import { holds, LISTED, useNodeScene } from './node-scene.ts';
import { ZURG } from './node-sidecars.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const { silenceMs } = enduranceSizes();
const provider = await findProvider('node');

describe.skipIf(provider === null)('a silent server', { timeout: silenceMs + 300_000 }, () => {
  const scene = useNodeScene(provider);

  it('lets the app start, restarts no sidecar, and the content comes when it answers', async () => {
    const { zurg, deploy, pod, readings } = scene();
    zurg.freeze();
    const started = performance.now();
    await deploy({ container: { command: [READER, ...LISTED], securityContext: { runAsUser: 1000 } } });
    const startMs = Math.round(performance.now() - started);
    await holds(silenceMs, async () => expect(restartsOf(await pod())).toEqual({}));
    const thawed = Date.now();
    zurg.thaw();
    const content = async (): Promise<number | undefined> =>
      (await readings()).find(
        ({ at, path, state }) => at >= thawed && path === ZURG.path && state === 'entries',
      )?.at;
    const at = await waitUntil('the content', content, { timeoutMs: 60_000 });
    const counts = countReadings(await readings());
    publishTable('A server that accepts and never answers', [
      {
        'silent s': silenceMs / 1000,
        'pod started after ms': startMs,
        'containers restarted': Object.keys(restartsOf(await pod())).length,
        'content after ms': at - thawed,
        ...counts,
      },
    ]);
    expect(restartsOf(await pod())).toEqual({});
    expect(counts.empty).toBe(0);
  });
});
