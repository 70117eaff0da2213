import fastJsonPatch from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../../src/server/describe-error.ts';

describe('what of an exception is logged', () => {
  it('is type, first line and frames', () => {
    const description = describeError(new TypeError('x is not a function\nsecond line'));
    expect(description).toMatchObject({ type: 'TypeError', message: 'x is not a function' });
    expect(description.frames[0]).toMatch(/^at .*describe-error\.test\.ts/);
  });

  it('is nothing of the pod that a failed patch carries in its error', () => {
    const pod = { spec: { containers: [{ env: [{ name: 'TOKEN', value: 'hunter2' }] }] } };
    let description = {};
    try {
      fastJsonPatch.applyPatch(pod, [{ op: 'remove', path: '/metadata/labels' }], true);
    } catch (error) {
      expect(String(error)).toContain('hunter2');
      description = describeError(error);
    }
    expect(description).toMatchObject({ type: 'OPERATION_PATH_UNRESOLVABLE' });
    expect(JSON.stringify(description)).not.toContain('hunter2');
  });

  it('is the type alone when somebody throws no Error', () => {
    expect(describeError('hunter2')).toEqual({ type: 'string', message: 'not an Error object', frames: [] });
  });
});
