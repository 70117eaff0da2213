// Whatever comes in from outside, the decoders answer: a value or problems, never an exception.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../src/inject/decide.ts';
import { decodePod } from '../../src/pod/decode-pod.ts';
import { judgePod } from '../../src/policy/judge.ts';
import { defaultSettings, parseSettings } from '../../src/settings/parse-settings.ts';
import { json, tamePod, wildPod } from '../support/pod-arbitrary.ts';
import { settingsValue } from '../support/settings-arbitrary.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 3000);
const settings = defaultSettings();

/** A pod in which one value, anywhere, is replaced by any other. */
const brokenPod = fc.tuple(fc.oneof(tamePod, wildPod), fc.nat(), json).map(([pod, nth, value]) => {
  const copy = JSON.parse(JSON.stringify(pod)) as Record<string, unknown>;
  const places = placesOf(copy);
  const [parent, key] = places[nth % places.length] ?? [copy, 'spec'];
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
  return copy;
});

test('decodePod takes any JSON, and what it calls a pod can be decided about and judged', () => {
  fc.assert(
    fc.property(fc.oneof(json, fc.jsonValue(), brokenPod), (value) => {
      const decoded = decodePod(value);
      if (!decoded.ok) {
        expect(decoded.problems.length).toBeGreaterThan(0);
        for (const { code, path, message, hint } of decoded.problems)
          expect([code, typeof path, message === '', hint === '']).toEqual([
            'pod-shape',
            'string',
            false,
            false,
          ]);
        return;
      }
      decide({ pod: decoded.pod, settings, assumeLabel: true });
      judgePod({ pod: decoded.pod, settings, assumeLabel: true });
    }),
    { numRuns },
  );
});

const yamlText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 20 }),
  json.map((value) => JSON.stringify(value)),
  fc.json(),
  fc
    .array(
      fc.constantFrom(
        'media:\n',
        '  path: /x\n',
        'remotes:\n',
        '- name: a\n',
        '  secret: b\n',
        '  path: ../x\n',
        '&a ',
        '*a\n',
        '? ',
        '<<: *a\n',
        '- - -\n',
        '\t',
        '%YAML 9\n',
        '---\n',
        '!!binary x\n',
        '{',
        '}',
        ': ',
        '# c\n',
        '__proto__: {}\n',
        '\u0000',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

test('parseSettings takes any text and answers with settings or with problems that have a position', () => {
  fc.assert(
    fc.property(yamlText, (text) => {
      const parsed = parseSettings(text, 'settings.yaml');
      if (parsed.ok) return;
      expect(parsed.problems.length).toBeGreaterThan(0);
      for (const { position } of parsed.problems) {
        expect(position?.file).toBe('settings.yaml');
        expect(position?.line).toBeGreaterThan(0);
        expect(position?.column).toBeGreaterThan(0);
      }
    }),
    { numRuns },
  );
});

test('settings with one value replaced by any other are taken or refused, never an exception', () => {
  fc.assert(
    fc.property(settingsValue, fc.nat(), json, (value, nth, other) => {
      const copy = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
      const places = placesOf(copy);
      const [parent, key] = places[nth % Math.max(1, places.length)] ?? [copy, 'media'];
      parent[key] = other;
      const parsed = parseSettings(JSON.stringify(copy), 'settings.yaml');
      if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
    }),
    { numRuns: Math.ceil(numRuns / 3) },
  );
});

function placesOf(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key): [Record<string, unknown>, string][] => [
    [value as Record<string, unknown>, key],
    ...placesOf((value as Record<string, unknown>)[key]),
  ]);
}
