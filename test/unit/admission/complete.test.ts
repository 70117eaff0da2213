import { describe, expect, it } from 'vitest';
import { completeReview } from '../../../src/admission/complete.ts';
import { allowed, audited, denied, patched, warned } from '../../../src/admission/outcome.ts';

const ask = { uid: 'u1', apiVersion: 'admission.k8s.io/v1beta1' } as const;
const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

describe('a completed review', () => {
  it('carries the version it was asked in', () => {
    expect(completeReview(ask, allowed(), encode).apiVersion).toBe('admission.k8s.io/v1beta1');
  });

  it('never sends the reason, which is for log and metric', () => {
    expect(JSON.stringify(completeReview(ask, allowed('label_absent'), encode))).not.toContain(
      'label_absent',
    );
  });

  it('carries a patch that reads back the same, in any script', () => {
    const operations = [
      { op: 'add', path: '/metadata/annotations/x', value: 'größe 東京 🙂 \u2028' },
    ] as const;
    const { patch } = completeReview(ask, patched(operations), encode).response;
    expect(JSON.parse(Buffer.from(patch ?? '', 'base64').toString('utf8'))).toEqual(operations);
  });

  it('makes warnings fit, also on a denial', () => {
    const outcome = warned(denied({ message: 'no' }), ['two\nlines', '', 'two\nlines']);
    expect(completeReview(ask, outcome, encode).response).toMatchObject({
      allowed: false,
      warnings: ['two lines'],
    });
  });

  it('leaves warnings out when nothing of them is left', () => {
    expect(completeReview(ask, warned(allowed(), ['\n']), encode).response).toEqual({
      uid: 'u1',
      allowed: true,
    });
  });

  it('makes audit keys fit', () => {
    const outcome = audited(allowed(), { 'media-stack/remotes': 'zurg' });
    expect(completeReview(ask, outcome, encode).response.auditAnnotations).toEqual({
      'media-stack-remotes': 'zurg',
    });
  });
});
