import { describe, expect, it } from 'vitest';
import { completeReview } from '../../../src/admission/complete.ts';
import { allowed, audited, denied, patched, warned } from '../../../src/admission/outcome.ts';
import type { JsonPatchOperation, MutatingOutcome } from '../../../src/admission/outcome.ts';

const ask = { uid: 'u1', apiVersion: 'admission.k8s.io/v1' } as const;
const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const operations: JsonPatchOperation[] = [{ op: 'add', path: '/metadata/labels/a', value: 'ü…🙂' }];

// One row per row of the table above src/admission/outcome.ts, as far as it is an outcome.
describe('the answer to each outcome', () => {
  const rows: readonly [name: string, outcome: MutatingOutcome, response: object][] = [
    ['allowed()', allowed(), { uid: 'u1', allowed: true }],
    ['patched([])', patched([]), { uid: 'u1', allowed: true }],
    [
      'patched(operations)',
      patched(operations),
      { uid: 'u1', allowed: true, patchType: 'JSONPatch', patch: encode(JSON.stringify(operations)) },
    ],
    [
      'denied({ message })',
      denied({ message: 'no' }),
      {
        uid: 'u1',
        allowed: false,
        status: { status: 'Failure', code: 422, reason: 'Invalid', message: 'no' },
      },
    ],
    [
      'denied({ everything })',
      denied({
        message: 'no\nbecause',
        code: 403,
        reason: 'Forbidden',
        kind: 'Pod',
        name: 'plex-0',
        causes: [{ field: 'spec.nodeName', message: 'is set', reason: 'FieldValueForbidden' }],
      }),
      {
        uid: 'u1',
        allowed: false,
        status: {
          status: 'Failure',
          code: 403,
          reason: 'Forbidden',
          message: 'no\nbecause',
          details: {
            kind: 'Pod',
            name: 'plex-0',
            causes: [{ field: 'spec.nodeName', message: 'is set', reason: 'FieldValueForbidden' }],
          },
        },
      },
    ],
  ];
  it.each(rows)('%s', (_name, outcome, response) => {
    expect(completeReview(ask, outcome, encode)).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response,
    });
  });
});

describe('additions to an outcome', () => {
  it('keep its kind and add up', () => {
    const outcome = audited(
      audited(warned(warned(patched(operations, 'injected'), ['one']), ['two']), { a: '1' }),
      { b: '2' },
    );
    expect(outcome).toEqual({
      kind: 'patched',
      operations,
      reason: 'injected',
      warnings: ['one', 'two'],
      auditAnnotations: { a: '1', b: '2' },
    });
  });

  it('leave an outcome without warnings as it is', () => {
    const outcome = allowed('label_absent');
    expect(warned(outcome, [])).toBe(outcome);
  });
});
