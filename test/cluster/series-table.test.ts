import { describe, expect, it } from 'vitest';
import { renderTable, spreadOf } from './series-table.ts';

describe('spreadOf', () => {
  it.each([
    [[7], { min: 7, median: 7, max: 7 }],
    [[30, 4, 100], { min: 4, median: 30, max: 100 }],
    [[9, 10, 1, 100], { min: 1, median: 10, max: 100 }],
  ])('of %j', (values, expected) => {
    expect(spreadOf(values)).toEqual(expected);
  });

  it('refuses a series without a figure', () => {
    expect(() => spreadOf([])).toThrow('no figures');
  });

  it('leaves the series as it was', () => {
    const values = [2, 1];
    spreadOf(values);
    expect(values).toEqual([2, 1]);
  });
});

describe('renderTable', () => {
  it('aligns words left and numbers right, below the names of the columns', () => {
    const rows = [
      { kind: 'rclone', kills: 20, 'max ms': 412 },
      { kind: 'a whole container', kills: 5, 'max ms': 12_345 },
    ];
    expect(renderTable(rows)).toBe(
      [
        'kind               kills  max ms',
        'rclone                20     412',
        'a whole container      5   12345',
        '',
      ].join('\n'),
    );
  });

  it('leaves no spaces at the end of a line', () => {
    expect(renderTable([{ a: 1, pod: 'x' }])).toBe('a  pod\n1  x\n');
  });
});
