import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { readGeneratedFile, renderGeneratedFiles } from '../../scripts/generate.ts';
import { listCommands } from '../../scripts/generate-cli.ts';
import { renderMarkdownTable, renderSentence } from '../../scripts/generate-markdown.ts';
import { renderDefaultFile } from '../../scripts/generate-settings.ts';
import { defaultSettings, parseSettings } from '../../src/settings/parse-settings.ts';
import { ROOT } from './markdown-blocks.ts';

describe('generated files', async () => {
  it.each(await renderGeneratedFiles())('$file is not stale (else: npm run docs)', ({ file, text }) => {
    expect(readGeneratedFile(file)).toBe(text);
  });
});

test('--check writes nothing, and is content with what is there', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/generate.ts', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('the default file of docs/settings.md gives the default settings', () => {
  expect(parseSettings(renderDefaultFile(), 'defaults.yaml')).toEqual({
    ok: true,
    settings: defaultSettings(),
  });
});

describe('schemas/settings.schema.json', () => {
  const schema = JSON.parse(readFileSync(`${ROOT}schemas/settings.schema.json`, 'utf8')) as object;
  const validate = new Ajv({ strict: false }).compile(schema);

  it.each(['examples/wow-ocp/settings.yaml'])('accepts %s', (file) => {
    expect(validate(parse(readFileSync(ROOT + file, 'utf8'))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('accepts an empty file, since every key has a default', () => {
    expect(validate({})).toBe(true);
  });

  it('refuses a key that is not there', () => {
    expect(validate({ rclone: { readonly: true } })).toBe(false);
  });
});

test('commands are taken from the help of the program, help itself is not one', () => {
  const help =
    'Usage: x\n\nCommands:\n  inject [options]  words\n                    more words\n  help [command]    words\n';
  expect(listCommands(help)).toEqual(['inject']);
});

describe('a sentence', () => {
  it.each([
    ['where apps see it', 'Where apps see it.'],
    ['nodeSelector pins a node', 'nodeSelector pins a node.'],
    ['rclone --poll-interval.', 'rclone --poll-interval.'],
    ['native: init containers', 'native: init containers.'],
    ['listed, e.g. __all__', String.raw`listed, e.g. \_\_all\_\_.`],
    ['', ''],
  ])('of %j is %j', (text, sentence) => {
    expect(renderSentence(text)).toBe(sentence);
  });
});

test('a table cell cannot end its row', () => {
  expect(renderMarkdownTable(['A'], [['a|b\nc']])).toBe('| A |\n| --- |\n| a\\|b c |\n');
});
