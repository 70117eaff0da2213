import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { ROOT } from './markdown-blocks.ts';

const pages = [
  ...listPages(''),
  ...listPages('docs/'),
  ...listPages('docs/adr/'),
  ...listPages('docs/rules/'),
];

describe.each(pages)('%s', (page) => {
  const text = readFileSync(ROOT + page, 'utf8');

  it('links to what is there', () => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].flatMap(([, target]) => target ?? []);
    const local = targets.filter((target) => !/^https?:/.test(target));
    expect(local.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([]);
  });

  it('has one heading of the first level and no line that ends in blanks', () => {
    const prose = text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
    expect(prose.match(/^# /gm)).toHaveLength(1);
    expect(text.match(/[ \t]+$/m)).toBeNull();
  });
});

describe('docs/architecture.md', () => {
  const text = readFileSync(`${ROOT}docs/architecture.md`, 'utf8');
  const allowed = new Map(
    [...text.matchAll(/^\| `([a-z-]+)` \|(.*)\|$/gm)].map(([, room = '', rooms = '']) => [
      room,
      [...rooms.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
    ]),
  );

  it.each(listRooms())('has a heading for %s', (folder) => {
    expect(text).toContain(`\n### \`${folder}/\`\n`);
  });

  it.each(listRooms())('names every room that %s imports', (folder) => {
    const room = folder.replace('src/', '');
    const imported = listImports(folder).filter((name) => name !== room && name !== 'version');
    expect(imported.filter((name) => !allowed.get(room)?.includes(name))).toEqual([]);
  });
});

test('an ADR has its parts', () => {
  for (const file of readdirSync(`${ROOT}docs/adr`)) {
    const text = readFileSync(`${ROOT}docs/adr/${file}`, 'utf8');
    expect(text, file).toMatch(/^# \d+\. .*\n\nDate: \d{4}-\d\d-\d\d\. Status: accepted\n\n## Context\n/);
    expect(text, file).toContain('\n## Decision\n');
    expect(text, file).toMatch(/\n## Consequences\n[\s\S]*The price: /);
  }
});

function listPages(folder: string): string[] {
  return readdirSync(ROOT + folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => folder + name);
}

function listRooms(): string[] {
  const rooms = readdirSync(`${ROOT}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...rooms.map(({ name }) => `src/${name}`), 'certs-tool'];
}

/** Rooms that the files of a folder import from, by relative path. */
function listImports(folder: string): string[] {
  const files = readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const rooms = files.flatMap((name) => {
    const text = readFileSync(join(ROOT, folder, name), 'utf8');
    return [...text.matchAll(/(?:from |import\()'(\.[^']+)'/g)].flatMap(([, target = '']) => {
      const [first = '', second = ''] = join(folder, dirname(name), target).split('/');
      return first === 'src' ? second.replace(/\.ts$/, '') : first;
    });
  });
  return [...new Set(rooms)].toSorted();
}
