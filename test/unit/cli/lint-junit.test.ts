import { describe, expect, it } from 'vitest';
import { renderLintJunit } from '../../../src/cli/report/lint-junit.ts';

const HOSTILE = `<a b="c">&'\n\r\t\u0000\u001b[31m\ud800]]>`;

describe('renderLintJunit', () => {
  it('is well-formed whatever the names and messages are', () => {
    const position = { file: HOSTILE, line: 1, column: 2 };
    const problem = {
      code: 'MS103',
      level: 'deny',
      path: HOSTILE,
      message: HOSTILE,
      hint: 'h',
      position,
    } as const;
    const workload = { kind: 'Pod', namespace: HOSTILE, name: HOSTILE, path: [] };
    const linted = { workload, position, problems: [problem], waived: [], repairs: [] };
    const xml = renderLintJunit(
      {
        files: [
          { file: HOSTILE, text: '', workloads: [linted], passed: new Map(), problems: [problem], mends: [] },
        ],
        unread: [problem],
      },
      'deny',
    );
    const safe = "&lt;a b=&quot;c&quot;&gt;&amp;'&#10;&#13;&#9;\ufffd\ufffd[31m\ufffd]]&gt;";
    const line = `${safe}:1:2: MS103 ${safe}: ${safe}. h`;
    expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="media-stack lint">
  <testsuite name="${safe}" tests="1" failures="0" errors="1">
    <testcase name="can be read">
      <error message="MS103">${line}</error>
    </testcase>
  </testsuite>
  <testsuite name="${safe}" tests="2" failures="1" errors="1">
    <testcase name="can be read">
      <error message="MS103">${line}</error>
    </testcase>
    <testcase name="Pod ${safe}/${safe}" classname="${safe}" file="${safe}" line="1">
      <failure message="MS103">${line}</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });
});
