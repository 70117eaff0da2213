import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitAuditAnnotations, fitCauses, fitMessage, fitWarnings } from '../../../src/admission/limits.ts';

const runes = (text: string): number => Array.from(text).length;

describe('warnings', () => {
  const cases: readonly [name: string, warnings: string[], fit: string[]][] = [
    ['are left as they are when they are fine', ['a', 'b'], ['a', 'b']],
    ['become one line each', ['a\r\n\tb\u0085c\u2028d'], ['a b c d']],
    ['keep emoji and any script', ['größe 東京 🙂'], ['größe 東京 🙂']],
    ['lose half characters', ['a\ud800b'], ['a\ufffdb']],
    ['are said once', ['a', 'b', 'a'], ['a', 'b']],
    ['that are empty are left out', ['', ' \n '], []],
    ['of 250 runes stay whole', ['🙂'.repeat(250)], ['🙂'.repeat(250)]],
    ['of 300 characters are cut with a sign', ['x'.repeat(300)], [`${'x'.repeat(249)}…`]],
  ];
  it.each(cases)('%s', (_name, warnings, fit) => {
    expect(fitWarnings(warnings)).toEqual(fit);
  });

  it('beyond 4,000 runes in all are counted in a last line', () => {
    const many = Array.from(
      { length: 20 },
      (_, index) => `${String(index).padStart(2, '0')}${'x'.repeat(248)}`,
    );
    const fit = fitWarnings(many);
    expect(fit).toHaveLength(17);
    expect(fit.at(-1)).toBe('and 4 more warnings');
  });

  it('leave out one at least, and say so in the singular', () => {
    const many = Array.from(
      { length: 17 },
      (_, index) => `${String(index).padStart(2, '0')}${'x'.repeat(248)}`,
    );
    expect(fitWarnings(many).at(-1)).toBe('and 1 more warning');
  });

  it('are always what the API server passes on whole, whatever they were', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 600 });
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 40 }), (warnings) => {
        const fit = fitWarnings(warnings);
        expect(fit.every((text) => text !== '' && !/\p{Cc}/u.test(text) && text.isWellFormed())).toBe(true);
        expect(fit.every((text) => runes(text) <= 250)).toBe(true);
        expect(fit.reduce((sum, text) => sum + runes(text), 0)).toBeLessThan(4096);
      }),
    );
  });
});

describe('messages', () => {
  it('keep line ends and tabs and lose other control characters', () => {
    expect(fitMessage('a\n\tb\u001b[31mc\u0000')).toBe('a\n\tb [31mc ');
  });

  it('lose half characters', () => {
    expect(fitMessage('\udc00')).toBe('\ufffd');
  });

  it('are cut at 32,000 runes with a sign', () => {
    expect(fitMessage('x'.repeat(40_000))).toBe(`${'x'.repeat(31_999)}…`);
  });
});

describe('causes', () => {
  it('have messages that fit', () => {
    expect(fitCauses([{ field: 'spec', message: 'a\u0007' }])).toEqual([{ field: 'spec', message: 'a ' }]);
  });

  it('beyond a hundred are counted in a last one', () => {
    const causes = Array.from({ length: 103 }, () => ({ field: 'spec', message: 'm' }));
    const fit = fitCauses(causes);
    expect(fit).toHaveLength(101);
    expect(fit.at(-1)).toEqual({ field: '', message: 'and 3 more' });
  });
});

describe('audit annotations', () => {
  const cases: readonly [name: string, annotations: Record<string, string>, fit: Record<string, string>][] = [
    ['keep a legal key', { 'remotes.added_1': 'zurg' }, { 'remotes.added_1': 'zurg' }],
    ['have no slash in a key', { 'media-stack/remotes': 'zurg' }, { 'media-stack-remotes': 'zurg' }],
    ['begin and end with a letter or digit', { '-._größe_': 'x' }, { 'gr--e': 'x' }],
    ['have keys of 63 characters at most', { ['k'.repeat(80)]: 'x' }, { ['k'.repeat(63)]: 'x' }],
    [
      'that end in a sign after the cut lose it',
      { [`${'k'.repeat(62)}-tail`]: 'x' },
      { ['k'.repeat(62)]: 'x' },
    ],
    ['of which nothing is left are dropped', { '/': 'x' }, {}],
    ['keep the first of two keys that become equal', { 'a/b': '1', 'a b': '2' }, { 'a-b': '1' }],
    ['have values of 10 KiB at most', { a: 'x'.repeat(20_000) }, { a: `${'x'.repeat(10_239)}…` }],
  ];
  it.each(cases)('%s', (_name, annotations, fit) => {
    expect(fitAuditAnnotations(annotations)).toEqual(fit);
  });
});
