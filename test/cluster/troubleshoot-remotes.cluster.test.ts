// troubleshoot-mounts on a real node: what is wrong with a remote, its server, its Secret or its volume.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { renderHandWrittenPod } from './hand-written-pod.ts';
import { statusOf } from './node-processes.ts';
import { useNodeScene } from './node-scene.ts';
import { startPasswordWebdav } from './password-webdav.ts';
import type { PasswordWebdav } from './password-webdav.ts';
import { findProvider } from './provider.ts';
import { idsOf, troubleshoot } from './troubleshoot.ts';
import type { Diagnosed } from './troubleshoot.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

describe.skipIf(provider === null)('troubleshoot-mounts names', { timeout: 120_000 }, () => {
  const scene = useNodeScene(provider);

  describe('a server', () => {
    it('that is down, and one that hangs', async () => {
      await scene().deploy();
      await scene().zurg.stop();
      scene().torbox.freeze();
      const said = await troubleshoot(scene(), ['deployment/sonarr', 'media']).finally(async () => {
        scene().torbox.thaw();
        await scene().zurg.start();
      });
      expect([said.code, said.issues]).toEqual([
        1,
        ['- the mount is there and cannot be read: server_refuses, backend_silent'],
      ]);
      expect(said.findings['server_refuses']?.cause).toBe(
        'nothing listens at the address of the server: it is down, or url names the wrong host or port',
      );
      expect(said.findings['backend_silent']?.found).toBe(
        '/mnt/media/torbox/torrents: the server behind torbox: does not answer',
      );
      expect(idsOf(said, 'fail')).toContain('mounts');
    });
  });

  describe('a Secret', () => {
    let server: PasswordWebdav;
    beforeAll(async () => {
      server = await startPasswordWebdav(scene(), 'zurg');
      const config = (section: string, pass: string): string =>
        `[${section}]\ntype = webdav\nurl = ${server.url}\nvendor = other\nuser = me\npass = ${pass}\n`;
      for (const [name, data] of Object.entries({
        'wrong-password': { 'rclone.conf': config('zurg', server.wrongPass) },
        'wrong-key': { 'rclone.config': config('zurg', server.wrongPass) },
        'wrong-section': { 'rclone.conf': config('zurgg', server.wrongPass) },
      }))
        await scene().kubectl.create({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name, namespace: 'media' },
          stringData: data,
        });
    }, 60_000);
    afterAll(() => server.stop());

    it('with a wrong password, and never prints one', async () => {
      await create('wrong-password', 'wrong-password');
      await waitUntil('the mount', () => scene().fuseMounts().length > 0, { timeoutMs: 30_000 });
      const said = await diagnose('wrong-password');
      expect([said.code, said.issues]).toEqual([
        1,
        ['- the mount is there and cannot be read: wrong_password'],
      ]);
      expect(said.findings['wrong_password']?.found).toContain('401 Unauthorized');
      expect(JSON.stringify(said)).not.toContain(server.wrongPass);
    });

    it('that is missing, that lacks the key, and whose file lacks the section', async () => {
      await Promise.all([
        create('no-secret', 'rclone-zurg-confg'),
        create('no-key', 'wrong-key'),
        create('no-section', 'wrong-section'),
      ]);
      await Promise.all(['no-key', 'no-section'].map(untilEnded));
      const [secret, key, section] = await Promise.all(['no-secret', 'no-key', 'no-section'].map(diagnose));
      expect([secret?.code, secret?.issues]).toEqual([1, ['- the pod does not start: secret_missing']]);
      expect(secret?.findings['secret_missing']).toMatchObject({
        found: 'there is no Secret rclone-zurg-confg in namespace media, which zurg needs',
        mend: [
          'kubectl create secret generic rclone-zurg-confg -n media --from-file=rclone.conf=rclone.conf',
        ],
      });
      expect([key?.code, key?.issues]).toEqual([1, ['2 sidecar crash loop: secret_key_missing']]);
      expect(key?.findings['secret_key_missing']?.found).toBe(
        'Secret wrong-key has no key rclone.conf; it has rclone.config',
      );
      expect([section?.code, section?.issues]).toEqual([1, ['2 sidecar crash loop: section_missing']]);
      expect(section?.checks.find(({ id }) => id === 'secrets')?.findings[0]).toMatchObject({
        code: 'section_missing',
        found: 'rclone.conf of Secret wrong-section has no section [zurg]; it has [zurgg]',
      });
    });
  });

  it('a claim that is missing', async () => {
    await scene().deployOnly({
      spec: { volumes: [{ name: 'media', persistentVolumeClaim: { claimName: 'media-libary-pvc' } }] },
    });
    const said = await troubleshoot(scene(), ['deployment/sonarr', 'media']);
    expect([said.code, said.issues]).toEqual([1, ['- the pod does not start: claim_missing']]);
    expect(said.findings['claim_missing']?.found).toBe(
      'there is no claim media-libary-pvc in namespace media',
    );
  });

  it('another pod that mounts into the same hostPath', async () => {
    const path = join(scene().folder, 'shared');
    mkdirSync(path);
    const options = {
      annotations: { 'media-stack/mounts': 'volume' },
      spec: { volumes: [{ name: 'media', hostPath: { path } }] },
    };
    await scene().deploy({ name: 'sonarr', ...options });
    const [other] = [(await scene().pod())['metadata']['name'] as string];
    await scene().deployOnly({ name: 'radarr', ...options });
    const look = async (): Promise<boolean> => {
      const { state, lastState } = statusOf(await scene().pod('radarr'), 'rclone-zurg');
      return (state['terminated'] ?? lastState['terminated']) !== undefined;
    };
    await waitUntil('the sidecar to give up', look, { timeoutMs: 60_000 });
    const said = await troubleshoot(scene(), ['deployment/radarr', 'media']);
    expect([said.code, said.issues]).toEqual([1, ['2 sidecar crash loop: mount_shared']]);
    expect(said.checks.find(({ id }) => id === 'shared-mounts')?.findings[0]).toMatchObject({
      found: `pod media/${other} mounts at the same place of the same volume (hostPath ${path}) on this node`,
      yaml: 'metadata:\n  annotations:\n    media-stack/mounts: "private"\n',
    });
    expect(said.findings['mount_shared']?.symptom).toBe('sidecar_crash_loop');
  });

  async function create(name: string, secret: string): Promise<void> {
    await scene().kubectl.create(
      renderHandWrittenPod({ namespace: 'media', name, secret, propagation: 'HostToContainer' }),
    );
  }

  function diagnose(name: string): Promise<Diagnosed> {
    return troubleshoot(scene(), [name, 'media']);
  }

  async function untilEnded(name: string): Promise<void> {
    const look = async (): Promise<boolean> => {
      const pod = await scene().kubectl.json(['get', 'pod', name, '-n', 'media']);
      const { state, lastState } = statusOf(pod, 'rclone-zurg');
      return (state['terminated'] ?? lastState['terminated']) !== undefined;
    };
    await waitUntil(`the sidecar of ${name} to end`, look, { timeoutMs: 30_000 });
  }
});
