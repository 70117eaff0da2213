import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownerOf } from './run-owner.ts';
import { cachedFile, cacheFolder } from './tool-cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('cacheFolder', () => {
  it.each([
    [{ MEDIA_STACK_CACHE: '/a', XDG_CACHE_HOME: '/b' }, /^\/a$/],
    [{ XDG_CACHE_HOME: '/b' }, /^\/b\/media-stack$/],
    [{}, /\/\.cache\/media-stack$/],
  ])('of %j', (env, expected) => {
    expect(cacheFolder(env)).toMatch(expected);
  });
});

describe('cachedFile', () => {
  it('makes a file once for all who ask at the same time, and leaves nothing beside it', async () => {
    const file = join(folder, 'sub', 'tool');
    let made = 0;
    const make = async (temporary: string): Promise<void> => {
      made += 1;
      writeFileSync(temporary, 'tool');
    };
    const paths = await Promise.all([cachedFile(file, make), cachedFile(file, make), cachedFile(file, make)]);
    expect(paths).toEqual([file, file, file]);
    expect(made).toBe(1);
    expect(readdirSync(join(folder, 'sub'))).toEqual(['tool']);
  });

  it('makes nothing and leaves nothing when making fails, and the next one tries again', async () => {
    const file = join(folder, 'tool');
    const fail = async (temporary: string): Promise<void> => {
      writeFileSync(temporary, 'half');
      throw new Error('no compiler');
    };
    await expect(cachedFile(file, fail)).rejects.toThrow('no compiler');
    expect(readdirSync(folder)).toEqual([]);
    await cachedFile(file, async (temporary) => writeFileSync(temporary, 'whole'));
    expect(readFileSync(file, 'utf8')).toBe('whole');
  });

  it('passes over a process that died while it was making the file', async () => {
    const file = join(folder, 'tool');
    const dying = promisify(execFile)(process.execPath, ['-e', 'console.log(process.pid)']);
    const owner = { ...ownerOf(dying.child.pid), pid: Number((await dying).stdout) };
    writeFileSync(`${file}.lock`, JSON.stringify(owner));
    await cachedFile(file, async (temporary) => writeFileSync(temporary, 'tool'));
    expect(readdirSync(folder)).toEqual(['tool']);
  });
});
