import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inputSchema } from '../../../src/settings/input-schema.ts';
import { parseSettings } from '../../../src/settings/parse-settings.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const published: unknown = JSON.parse(read('schemas/settings.schema.json'));

describe('the published JSON Schema', () => {
  it('is the schema that settings are read with', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(inputSchema())));
  });

  // As an editor uses it: nothing is filled in.
  const validate = new Ajv({ strict: false }).compile(published as object);

  it.each([
    '{}',
    'media: {}',
    'media: { volume: { nfs: { server: nas, path: /media } }, mounts: private }',
    'remotes: []',
    'remotes: [{ name: films, secret: films }]',
    'remotes: [{ name: films, secret: films, path: a, flags: [--no-modtime], readOnly: false, image: "x:1" }]',
    'sidecar: { resources: { limits: { memory: 2Gi } }, startup: { failureThreshold: 600 } }',
    'policy: { rules: { MS404: off }, waivers: all }',
    read('examples/wow-ocp/settings.yaml'),
  ])('accepts what the program accepts: %j', (text) => {
    expect(parseSettings(text, 's.yaml')).toMatchObject({ ok: true });
    expect(validate(parse(text))).toBe(true);
  });

  it.each([
    'medai: {}',
    'media: { mounts: shared }',
    'remotes: [{ name: films }]',
    'remotes: [{ name: Films, secret: films }]',
    'media: { volume: {} }',
    'policy: { rules: { MS4: off } }',
    'sidecar: { startup: { periodSeconds: 0 } }',
  ])('refuses what the program refuses: %j', (text) => {
    expect(parseSettings(text, 's.yaml')).toMatchObject({ ok: false });
    expect(validate(parse(text))).toBe(false);
  });

  it('asks for nothing that has a default', () => {
    const required = JSON.stringify(published).match(/"required":\[[^\]]*\]/g);
    expect(required).toEqual([
      '"required":["claimName"]',
      '"required":["server","path"]',
      '"required":["path"]',
      '"required":["name","secret"]',
    ]);
  });
});
