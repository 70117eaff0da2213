import { describe, expect, it } from 'vitest';
import { renderChecks, renderSummary } from '../../../src/cli/report/diagnosis-text.ts';
import { fail, warn } from '../../../src/diagnose/finding.ts';
import type { CheckResult, Finding } from '../../../src/diagnose/finding.ts';
import { summarize } from '../../../src/diagnose/summary.ts';

function result(id: string, ...findings: Finding[]): CheckResult {
  const status = findings[0]?.level ?? 'ok';
  return { id, group: 'mounts', title: `the check ${id}`, status, looked: 'this', findings };
}

const privileged = fail({
  code: 'not_privileged',
  found: 'F1',
  cause: 'C1',
  mend: ['M1'],
  yaml: 'a:\n  b: 1\n',
  symptom: 'sidecar_crash_loop',
});
const crash = fail({
  code: 'sidecar_not_running',
  found: 'F2',
  cause: 'C2',
  mend: ['M2'],
  symptom: 'sidecar_crash_loop',
  role: 'effect',
});
const line = fail({
  code: 'fuse_missing',
  found: 'F3',
  cause: 'C3',
  mend: [],
  symptom: 'sidecar_crash_loop',
});
const cpu = warn({ code: 'greedy_arguments', found: 'F4', cause: 'C4', mend: [], symptom: 'high_cpu' });
const links = fail({ code: 'link_outside', found: 'F5', cause: 'C5', mend: [], symptom: 'broken_symlinks' });

describe('the summary', () => {
  it('explains effects by causes, and consequences by what they follow from', () => {
    expect(
      summarize([result('sidecars', crash), result('log-lines', line), result('privileged', privileged)]),
    ).toEqual({
      failed: 3,
      warned: 0,
      notMade: 0,
      fine: 0,
      issues: [
        {
          symptom: 'sidecar_crash_loop',
          issue: 2,
          words: 'sidecar crash loop',
          level: 'fail',
          causes: [privileged],
        },
      ],
    });
  });

  it('takes an effect for the cause where nothing else is known', () => {
    expect(summarize([result('sidecars', crash)]).issues.map(({ causes }) => causes)).toEqual([[crash]]);
  });

  it('puts failures before warnings, and what keeps others from working first', () => {
    const { issues } = summarize([
      result('cpu', cpu),
      result('stream-links', links),
      result('privileged', privileged),
    ]);
    expect(issues.map(({ words }) => words)).toEqual([
      'sidecar crash loop',
      'broken symlinks in stream/',
      'high CPU',
    ]);
  });
});

describe('the text', () => {
  const paint = (_colour: string, text: string): string => text;
  const results = [result('fine'), result('privileged', privileged), result('cpu', cpu)];

  it('is that of linkerd check', () => {
    expect(renderChecks(results, { paint, unicode: true })).toBe(`mounts
------
√ the check fine (this)
× the check privileged (this)
    found: F1
    cause: C1
    mend:  M1
             a:
               b: 1
‼ the check cpu (this)
    found: F4
    cause: C4
`);
  });

  it('does with ASCII where the terminal knows no more', () => {
    expect(renderChecks(results, { paint, unicode: false }).match(/^\[.*\]/gm)).toEqual([
      '[ok]',
      '[fail]',
      '[warn]',
    ]);
  });

  it('ends with the symptoms and the next step', () => {
    expect(renderSummary(summarize(results), 'do this', { paint, unicode: true }))
      .toBe(`3 checks: 1 fine, 1 failed, 1 with a warning.

"sidecar crash loop" (known issue 2)
  likely cause: C1
    F1

"high CPU" (known issue 5)
  likely cause: C4
    F4

next: do this
`);
  });
});
