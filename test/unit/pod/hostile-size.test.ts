// Admission comes before the API server's own limits: size alone must not keep the webhook busy. Each of these took
// seconds to minutes, or all memory, before it was bounded.
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/inject/decide.ts';
import { decodePod } from '../../../src/pod/decode-pod.ts';
import { parseQuantity } from '../../../src/pod/quantity.ts';
import { nearestWord } from '../../../src/problem/did-you-mean.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';

const LABELS = { 'media-stack/cloud-mounts': 'true' };

describe('size alone', () => {
  it('does not make a quantity backtrack', () => {
    expect(parseQuantity(`${'1'.repeat(200_000)}x`)).toBeNull();
  });

  it('is no quantity beyond 63 bits', () => {
    expect([parseQuantity('1e400'), parseQuantity('1e30'), parseQuantity('9Ei')]).toEqual([null, null, null]);
  });

  it('gets no suggestion for a word that nobody can have meant', () => {
    expect(nearestWord('x'.repeat(50_000), ['sonarr', 'y'.repeat(50_000)])).toBeNull();
  });

  it('of an annotation is refused before it is read', () => {
    const annotations = {
      'media-stack/containers': 'a,'.repeat(20_000),
      'media-stack/cpu-limit': '1'.repeat(40_000),
    };
    const pod = { metadata: { labels: LABELS, annotations }, spec: { containers: [{ name: 'sonarr' }] } };
    expect(decide({ pod, settings: defaultSettings() }).report).toMatchObject({
      outcome: 'refused',
      problems: [
        { message: 'the value has 40000 characters', path: 'metadata.annotations[media-stack/containers]' },
        { message: 'the value has 40000 characters', path: 'metadata.annotations[media-stack/cpu-limit]' },
      ],
    });
  });

  it.each([
    ['volumes', { containers: [], volumes: Array.from({ length: 200_000 }, () => 0) }, 20],
    ['containers', { containers: Array.from({ length: 5_000 }, (_, index) => ({ name: `c${index}` })) }, 1],
  ])('of %s gives a handful of problems', (_what, spec, most) => {
    const decoded = decodePod({ metadata: { labels: LABELS }, spec });
    expect(decoded).toMatchObject({ ok: false });
    if (!decoded.ok) expect(decoded.problems.length).toBeLessThanOrEqual(most + 1);
  });
});
