// The picture of design.md section 1: which room may know which, and that the pure rooms know nothing of the world.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SHELL_SCRIPTS_FILES } from '../../scripts/generate-shell-scripts.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What each room may import; a room that is missing here is a mistake. `version` is src/version.ts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  problem: [],
  pod: ['problem'],
  settings: ['problem', 'pod'],
  intent: ['problem', 'pod', 'settings'],
  plan: ['problem', 'pod', 'settings', 'intent'],
  inject: ['problem', 'pod', 'settings', 'intent', 'plan', 'version'],
  policy: ['problem', 'pod', 'settings', 'intent', 'plan', 'inject'],
  migrate: ['problem', 'pod', 'settings', 'intent', 'plan', 'inject'],
  generate: ['problem', 'pod', 'settings', 'intent', 'plan', 'inject'],
  admission: [],
  workload: ['problem', 'pod'],
  check: ['problem', 'pod', 'settings', 'intent'],
  diagnose: ['problem', 'pod', 'settings', 'intent', 'inject', 'policy', 'check'],
  cluster: ['problem', 'pod', 'workload', 'check', 'diagnose'],
  'certs-tool': ['problem'],
  server: [
    'problem',
    'pod',
    'settings',
    'intent',
    'plan',
    'inject',
    'policy',
    'admission',
    'workload',
    'certs-tool',
    'version',
  ],
  cli: ['*'],
};
const PURE = [
  'admission',
  'intent',
  'plan',
  'inject',
  'policy',
  'pod',
  'problem',
  'check',
  'diagnose',
  'generate',
  'migrate',
];
/** Packages that are functions of their arguments. */
const PURE_PACKAGES = ['fast-json-patch', 'leven', 'yaml'];
const WORLD =
  /\b(?:Date\.now|new Date|process\.|console\.|Math\.random|performance\.|setTimeout|setInterval|setImmediate|fetch\(|globalThis|crypto\.|Buffer\b|require\()/;

interface SourceFile {
  readonly path: string;
  readonly room: string;
  /** Without comments. */
  readonly code: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

const files = ['src', 'certs-tool'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readSource(join(folder, name))),
);

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const code = text.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
  const imports = [...code.matchAll(/\bfrom '([^']+)'|\bimport\(\s*'([^']+)'|^import '([^']+)'/gm)].map(
    ([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '',
  );
  return { path, room: roomOf(path), code, lines: text.split('\n').length - 1, imports };
}

function roomOf(path: string): string {
  const [top = '', room = ''] = path.split('/');
  return top === 'src' ? room.replace(/\.ts$/, '') : top;
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}

test('every folder of the source is a room of the picture', () => {
  const known = [...Object.keys(MAY_IMPORT), 'version'];
  expect([...new Set(files.map(({ room }) => room))].filter((room) => !known.includes(room))).toEqual([]);
  expect(files.length).toBeGreaterThan(50);
});

describe('imports go one way', () => {
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    test(`${room} imports ${allowed.length === 0 ? 'nothing of ours' : allowed.includes('*') ? 'all' : allowed.join(', ')}`, () => {
      const wrong = files
        .filter((file) => file.room === room)
        .flatMap(({ path, imports }) =>
          imports.filter(isRelative).flatMap((specifier) => {
            const target = relative(ROOT, join(ROOT, dirname(path), specifier));
            const to = roomOf(target);
            if (to === room || allowed.includes('*') || allowed.includes(to)) return [];
            return allowed.some((single) => target === join('src', single)) ? [] : [`${path} -> ${target}`];
          }),
        );
      expect(wrong).toEqual([]);
    });
  }

  test('every import of our own names the file with its ending', () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => isRelative(specifier) && !specifier.endsWith('.ts'))
        .map((specifier) => `${path}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the pure rooms', () => {
  const pure = files.filter(({ room }) => PURE.includes(room));

  test('import no node: module, no framework and no logger', () => {
    const wrong = pure.flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => !isRelative(specifier) && !PURE_PACKAGES.includes(specifier))
        .map((specifier) => `${path}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  test('know no clock, no environment, no console, no chance', () => {
    const wrong = pure
      .filter(({ code }) => WORLD.test(code))
      .map(({ path, code }) => [path, WORLD.exec(code)?.[0]]);
    expect(wrong).toEqual([]);
  });

  test('the test for that sees what it is looking for', () => {
    for (const line of [
      'const t = Date.now();',
      'new Date()',
      'process.env',
      'Math.random()',
      'console.log(1)',
    ])
      expect(WORLD.test(line)).toBe(true);
    const { imports } = readSource('src/cli/explain.ts');
    expect(imports.length).toBeGreaterThan(2);
  });
});

test('no source file is longer than 250 lines, but for what is generated', () => {
  const written = files.filter(({ path }) => !SHELL_SCRIPTS_FILES.includes(path.slice('src/'.length)));
  expect(written.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines}`)).toEqual(
    [],
  );
});
