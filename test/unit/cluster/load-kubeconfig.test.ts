import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterError } from '../../../src/cluster/cluster-error.ts';
import { loadKubeconfig } from '../../../src/cluster/load-kubeconfig.ts';
import type { KubeconfigFlags } from '../../../src/cluster/load-kubeconfig.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'media-stack-kubeconfig-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function kubeconfig(names: readonly string[], server = 'https://HOST:6443'): string {
  const list = (key: string, of: (name: string) => object): string =>
    `${key}: ${JSON.stringify(names.map((name) => ({ name, ...of(name) })))}\n`;
  return (
    `apiVersion: v1\nkind: Config\ncurrent-context: ${names[0] ?? ''}\n` +
    list('clusters', (name) => ({ cluster: { server: server.replace('HOST', name) } })) +
    list('users', () => ({ user: { token: 'geheim' } })) +
    list('contexts', (name) => ({ context: { cluster: name, user: name, namespace: `ns-${name}` } }))
  );
}

function write(name: string, text: string): string {
  const file = join(home, name);
  writeFileSync(file, text);
  return file;
}

function server(flags: KubeconfigFlags, env: NodeJS.ProcessEnv = {}): string | undefined {
  return loadKubeconfig(flags, { HOME: home, ...env }).getCurrentCluster()?.server;
}

function problem(flags: KubeconfigFlags, env: NodeJS.ProcessEnv = {}): readonly string[] {
  try {
    server(flags, env);
  } catch (error) {
    if (error instanceof ClusterError) return [error.reason, error.message, error.hint];
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('which kubeconfig', () => {
  it('is that of --kubeconfig, else of KUBECONFIG, else of the home folder', () => {
    mkdirSync(join(home, '.kube'));
    write('.kube/config', kubeconfig(['home']));
    const named = write('named', kubeconfig(['named']));
    const listed = write('listed', kubeconfig(['listed']));
    expect(server({})).toBe('https://home:6443');
    expect(server({}, { KUBECONFIG: listed })).toBe('https://listed:6443');
    expect(server({ kubeconfig: named }, { KUBECONFIG: listed })).toBe('https://named:6443');
  });

  it('may be several: the first that has a name wins, and one that does not exist is passed over', () => {
    const a = write('a', kubeconfig(['one', 'both']));
    const b = write('b', kubeconfig(['both', 'two'], 'https://other-HOST:6443'));
    const env = { KUBECONFIG: [join(home, 'none'), a, b].join(delimiter) };
    expect(server({}, env)).toBe('https://one:6443');
    expect(server({ context: 'both' }, env)).toBe('https://both:6443');
    expect(server({ context: 'two' }, env)).toBe('https://other-two:6443');
  });

  it('may lead to plain HTTP, as kubectl proxy has it', () => {
    const file = write('proxy', kubeconfig(['localhost'], 'http://HOST:8001'));
    expect(loadKubeconfig({ kubeconfig: file }).getCurrentCluster()?.skipTLSVerify).toBe(true);
  });
});

describe('what can be wrong with it', () => {
  it('there is none', () => {
    expect(problem({})).toEqual([
      'kubeconfig',
      `there is no kubeconfig: ${home}/.kube/config does not exist`,
      'Name one with --kubeconfig FILE or KUBECONFIG=FILE. Files need no cluster: inject, lint, explain, migrate.',
    ]);
    expect(problem({ kubeconfig: '/none' })[1]).toBe(
      'the kubeconfig /none cannot be read: there is no such file',
    );
  });

  it('it is no YAML, or not what it should be', () => {
    expect(problem({ kubeconfig: write('broken', 'a: [') })[1]).toMatch(
      /^the kubeconfig .*broken cannot be read: /,
    );
    expect(problem({ kubeconfig: write('empty', '') })[1]).toMatch(
      /^the kubeconfig .*empty cannot be read: /,
    );
  });

  it('the context is not in it', () => {
    const file = write('config', kubeconfig(['media', 'other']));
    expect(problem({ kubeconfig: file, context: 'meda' })).toEqual([
      'kubeconfig',
      'the kubeconfig has no context "meda"',
      'Did you mean "media"? Contexts: media, other.',
    ]);
    expect(problem({ kubeconfig: write('none', kubeconfig([])) })[1]).toBe(
      'the kubeconfig names no current context',
    );
  });

  it('its server is no URL', () => {
    expect(problem({ kubeconfig: write('config', kubeconfig(['media'], 'notaurl')) })[1]).toBe(
      'the server "notaurl" of the context "media" is no URL',
    );
    expect(problem({ kubeconfig: home })[1]).toMatch(/ cannot be read: it is a folder$/);
  });

  it('the context names a cluster that is not in it', () => {
    const text = kubeconfig(['media']).replace('"cluster":"media"', '"cluster":"gone"');
    expect(problem({ kubeconfig: write('config', text) })[1]).toBe(
      'the context "media" names the cluster "gone", which the kubeconfig does not hold',
    );
  });
});
