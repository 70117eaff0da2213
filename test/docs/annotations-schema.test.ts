// The schema that editors use says of a manifest what the parser of the annotations says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { ANNOTATIONS, parseAnnotations } from '../../src/intent/annotations.ts';

const ROOT = join(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/annotations.schema.json'), 'utf8')) as object;
const isValid = new Ajv({ strict: false }).compile(schema);
const KINDS: Record<string, (metadata: object) => object> = {
  Pod: (metadata) => ({ kind: 'Pod', metadata }),
  Deployment: (metadata) => ({ kind: 'Deployment', spec: { template: { metadata } } }),
  CronJob: (metadata) => ({
    kind: 'CronJob',
    spec: { jobTemplate: { spec: { template: { metadata } } } },
  }),
};

describe.each(Object.entries(KINDS))('the schema of annotations, in a %s', (_kind, manifest) => {
  it.each(ANNOTATIONS.map(({ name, example }) => [`media-stack/${name}`, example]))(
    'takes %s: "%s"',
    (key, example) => {
      expect(isValid(manifest({ annotations: { [key]: example } }))).toBe(true);
    },
  );

  it.each([
    ['an unknown name', { 'media-stack/remote': 'zurg' }],
    ['a value that is none of the choices', { 'media-stack/mounts': 'shared' }],
    ['a boolean without quotes', { 'media-stack/read-only': false }],
    ['a rule that is none', { 'media-stack/ignore': 'MS999' }],
  ])('refuses %s, as the parser does', (_what, annotations) => {
    expect(isValid(manifest({ annotations }))).toBe(false);
    const texts = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key, String(value)]));
    if (typeof Object.values(annotations)[0] === 'string')
      expect(parseAnnotations({ metadata: { annotations: texts } }).problems).toHaveLength(1);
  });

  it('refuses a label value that means nothing, and leaves other annotations alone', () => {
    expect(isValid(manifest({ labels: { 'media-stack/cloud-mounts': 'yes' } }))).toBe(false);
    expect(isValid(manifest({ labels: { 'media-stack/cloud-mounts': 'true' } }))).toBe(true);
    expect(isValid(manifest({ annotations: { 'example.org/x': 'y', 'media-stack/status': '{}' } }))).toBe(
      true,
    );
  });
});

it('says nothing about annotations of a Deployment itself, which do nothing', () => {
  expect(isValid({ kind: 'Deployment', metadata: { annotations: { 'media-stack/nope': 'x' } } })).toBe(true);
});

it.each(['plex.yaml', 'sonarr.yaml'])('examples/%s names the schema and keeps it', (file) => {
  const text = readFileSync(join(ROOT, 'examples', file), 'utf8');
  expect(text).toContain('# yaml-language-server: $schema=../schemas/annotations.schema.json\n');
  for (const document of text.split(/^---$/m)) expect(isValid(parse(document))).toBe(true);
});
