import { expect, it } from 'vitest';

import { humanLog, renderLogLine } from '../../../src/cli/human-log.ts';

it.each([
  {
    record: {
      level: 'info',
      time: '2026-11-23T06:41:24.123Z',
      reason: '',
      uid: 'a-1',
      durationMs: 2.0183,
      msg: 'admission',
    },
    text: '06:41:24 info  admission uid=a-1 durationMs=2.02',
  },
  {
    record: { level: 'warn', time: '2026-11-23T06:41:24Z', reason: 'two words', list: [1], msg: 'hm' },
    text: '06:41:24 warn  hm reason="two words" list=[1]',
  },
  {
    record: {
      level: 'error',
      time: '2026-11-23T06:41:24Z',
      problems: ['a:1:1: x', 'a:2:1: y'],
      msg: 'reload failed',
    },
    text: '06:41:24 error reload failed \n    a:1:1: x\n    a:2:1: y',
  },
])('writes $text', ({ record, text }) => {
  expect(renderLogLine(`${JSON.stringify(record)}\n`)).toBe(text);
});

it('passes on what is no record of pino, line by line', () => {
  const printed: string[] = [];
  humanLog((text) => printed.push(text)).write('not JSON\n');
  expect(printed).toEqual(['not JSON\n']);
});
