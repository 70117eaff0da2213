import { describe, expect, it } from 'vitest';
import { decodeReview } from '../../../src/admission/decode.ts';
import type { ReviewUnderTest } from '../../support/admission-review.ts';
import { PLAIN_POD, reviewOf } from '../../support/admission-review.ts';

describe('a review of the API server', () => {
  it('becomes a request with every field in its place', () => {
    const review = reviewOf({
      name: 'sonarr-0',
      subResource: 'ephemeralcontainers',
      dryRun: true,
      oldObject: { a: 1 },
    });
    expect(decodeReview(review)).toEqual({
      kind: 'request',
      request: {
        uid: review.request.uid,
        apiVersion: 'admission.k8s.io/v1',
        kind: { group: '', version: 'v1', kind: 'Pod' },
        resource: { group: '', version: 'v1', resource: 'pods' },
        subResource: 'ephemeralcontainers',
        name: 'sonarr-0',
        namespace: 'media',
        operation: 'CREATE',
        dryRun: true,
        object: PLAIN_POD,
        oldObject: { a: 1 },
      },
    });
  });

  it('hands over the object itself, not a copy', () => {
    const decoded = decodeReview(reviewOf());
    expect(decoded.kind === 'request' && decoded.request.object).toBe(PLAIN_POD);
  });

  it('may leave out what is empty: names, subresource, dryRun, objects, the core group', () => {
    const uid = 'u';
    const review = {
      apiVersion: 'admission.k8s.io/v1beta1',
      kind: 'AdmissionReview',
      request: {
        uid,
        kind: { version: 'v1', kind: 'Pod' },
        resource: { version: 'v1', resource: 'pods' },
        operation: 'DELETE',
      },
    };
    expect(decodeReview(review)).toEqual({
      kind: 'request',
      request: {
        uid,
        apiVersion: 'admission.k8s.io/v1beta1',
        kind: { group: '', version: 'v1', kind: 'Pod' },
        resource: { group: '', version: 'v1', resource: 'pods' },
        subResource: '',
        name: '',
        namespace: '',
        operation: 'DELETE',
        dryRun: false,
        object: null,
        oldObject: null,
      },
    });
  });
});

describe('a body without a uid to answer to is named for what it is', () => {
  const review = reviewOf();
  const cases: readonly [value: unknown, code: string, message: string][] = [
    [undefined, 'not_a_review', 'the body is missing'],
    [null, 'not_a_review', 'the body is null'],
    [[review], 'not_a_review', 'the body is a list'],
    ['AdmissionReview', 'not_a_review', 'the body is "AdmissionReview"'],
    [{}, 'not_a_review', 'kind is missing'],
    [PLAIN_POD, 'not_a_review', 'kind is "Pod"'],
    [{ ...review, kind: { deep: 1 } }, 'not_a_review', 'kind is an object'],
    [
      { ...review, apiVersion: 'admission.k8s.io/v2' },
      'unknown_version',
      'apiVersion is "admission.k8s.io/v2"',
    ],
    [{ ...review, apiVersion: 1 }, 'unknown_version', 'apiVersion is 1'],
    [{ ...review, request: undefined }, 'no_request', 'request is missing'],
    [{ ...review, request: [] }, 'no_request', 'request is a list'],
    [reviewOf({ uid: undefined }), 'no_uid', 'request.uid is missing'],
    [reviewOf({ uid: '' }), 'no_uid', 'request.uid is ""'],
    [reviewOf({ uid: 7 }), 'no_uid', 'request.uid is 7'],
    [reviewOf({ uid: 'x'.repeat(300) }), 'no_uid', `request.uid is "${'x'.repeat(80)}…"`],
  ];
  it.each(cases)('%j', (value, code, message) => {
    expect(decodeReview(value)).toMatchObject({ kind: 'unanswerable', problem: { code, message } });
  });

  it('and the hint says what would be right', () => {
    const hints = cases.map(([value]) => {
      const decoded = decodeReview(value);
      return decoded.kind === 'unanswerable' ? decoded.problem.hint : '';
    });
    expect(hints.every((hint) => hint.startsWith('send '))).toBe(true);
  });
});

describe('a wrong field of a review with a uid can be answered, and says where, what and what else', () => {
  const cases: readonly [request: Record<string, unknown>, message: string, hint: string][] = [
    [{ kind: undefined }, 'request.kind is missing', 'it should be an object with group, version and kind'],
    [{ kind: { group: '', version: 'v1', kind: '' } }, 'request.kind.kind is ""', 'it should be a text'],
    [
      { kind: { group: 3, version: 'v1', kind: 'Pod' } },
      'request.kind.group is 3',
      'it should be a text, "" for the core group',
    ],
    [
      { resource: 'pods' },
      'request.resource is "pods"',
      'it should be an object with group, version and resource',
    ],
    [
      { resource: { group: '', version: 'v1' } },
      'request.resource.resource is missing',
      'it should be a text',
    ],
    [
      { operation: 'PATCH' },
      'request.operation is "PATCH"',
      'it should be one of CREATE, UPDATE, DELETE, CONNECT',
    ],
    [
      { operation: 'toString' },
      'request.operation is "toString"',
      'it should be one of CREATE, UPDATE, DELETE, CONNECT',
    ],
    [{ name: 1 }, 'request.name is 1', 'it should be a text, or left out'],
    [{ namespace: [] }, 'request.namespace is a list', 'it should be a text, or left out'],
    [{ subResource: {} }, 'request.subResource is an object', 'it should be a text, or left out'],
    [{ dryRun: 'yes' }, 'request.dryRun is "yes"', 'it should be true or false'],
    [{ object: 'pod' }, 'request.object is "pod"', 'it should be a Kubernetes object, or null'],
    [{ oldObject: [] }, 'request.oldObject is a list', 'it should be a Kubernetes object, or null'],
  ];
  it.each(cases)('%j', (fields, message, hint) => {
    const review: ReviewUnderTest = reviewOf(fields);
    expect(decodeReview(review)).toEqual({
      kind: 'answerable',
      uid: review.request.uid,
      apiVersion: 'admission.k8s.io/v1',
      problem: { code: 'bad_field', message, hint },
    });
  });
});
