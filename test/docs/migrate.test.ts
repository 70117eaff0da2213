import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mediaStack } from '../support/run-command.ts';
import { readBlocks } from './markdown-blocks.ts';

test('docs/migrate.md shows what the command prints', async () => {
  const block = (language: string) =>
    readBlocks('docs/migrate.md').find((each) => each.language === language)?.text ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'media-stack-docs-'));
  writeFileSync(join(folder, 'sonarr.yaml'), block('yaml'));
  const ran = await mediaStack(['migrate', '-f', 'sonarr.yaml'], { cwd: folder });
  rmSync(folder, { recursive: true });
  expect(ran).toEqual({ code: 0, stdout: block('diff'), stderr: block('text') });
});
