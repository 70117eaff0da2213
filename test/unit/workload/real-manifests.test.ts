// Real manifests, kept outside of the project: MEDIA_STACK_MANIFESTS is the folder with wow-ocp/*.yaml.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { diffLines } from 'diff';
import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/pod/json-patch.ts';
import { readManifests } from '../../../src/workload/documents.ts';
import { editManifest } from '../../../src/workload/edit-manifest.ts';
import { renderPointer } from '../../../src/pod/json-pointer.ts';
import { findWorkloads } from '../../../src/workload/template.ts';

const root = process.env['MEDIA_STACK_MANIFESTS'];
const folder = root === undefined ? '' : join(root, 'wow-ocp');
const files = root === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.yaml'));

const SCRIPT = 'set -eu\nmkdir -p "$1"\n\nexec rclone mount "$@"\n';

interface PodSpec {
  readonly initContainers?: readonly object[];
  readonly containers: readonly {
    readonly volumeMounts?: readonly { readonly mountPropagation?: string }[];
  }[];
  readonly volumes?: readonly object[];
}

/** What injection does to a template: an init container first, a volume last, propagation, annotations. */
function typicalOperations(
  template: string,
  podLike: { metadata?: { annotations?: object }; spec: PodSpec },
): Operation[] {
  const { metadata, spec } = podLike;
  const init = {
    name: 'init-dirs',
    args: ['-c', SCRIPT, 'init', 'yes'],
    securityContext: { privileged: true },
    resources: {},
  };
  const operations: Operation[] = [];
  if (!spec.initContainers)
    operations.push({ op: 'add', path: `${template}/spec/initContainers`, value: [] });
  operations.push({ op: 'add', path: `${template}/spec/initContainers/0`, value: init });
  operations.push({
    op: 'add',
    path: `${template}/spec/volumes/-`,
    value: { name: 'v', secret: { secretName: 'v' } },
  });
  for (const [at, { volumeMounts = [] }] of spec.containers.entries()) {
    for (const [index, mount] of volumeMounts.entries()) {
      const path = `${template}/spec/containers/${at}/volumeMounts/${index}/mountPropagation`;
      if (mount.mountPropagation === undefined)
        operations.push({ op: 'add', path, value: 'HostToContainer' });
    }
  }
  const status = { 'media-stack/status': '{"version":"1"}' };
  if (!metadata) operations.push({ op: 'add', path: `${template}/metadata`, value: { annotations: status } });
  else operations.push({ op: 'add', path: `${template}/metadata/annotations`, value: status });
  return operations;
}

function inverse(operations: readonly Operation[], spec: PodSpec): Operation[] {
  const skipped = spec.initContainers ? -1 : 1; // removing the list removes the item with it
  return operations
    .filter((_operation, index) => index !== skipped)
    .toReversed()
    .map(({ path }): Operation => ({
      op: 'remove',
      path: path.endsWith('/-') ? path.replace(/-$/, String(spec.volumes?.length)) : path,
    }));
}

describe.skipIf(root === undefined)('real manifests (MEDIA_STACK_MANIFESTS)', () => {
  test.each(files)('%s: an edit adds lines and changes none, and can be taken back', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const { documents, problems } = readManifests(text, file);
    expect(problems).toEqual([]);
    const found = documents.flatMap((document) =>
      findWorkloads(document.value).map((workload) => ({ document, workload })),
    );
    expect(found.length).toBeGreaterThan(0);
    for (const { document, workload } of found) {
      const podLike = workload.podLike as Parameters<typeof typicalOperations>[1];
      const template = renderPointer([...workload.path, ...workload.templatePath]);
      const operations = typicalOperations(template, podLike);
      const edited = editManifest(text, document.index, operations, { file });
      if (!edited.ok) throw new Error(JSON.stringify(edited.problems));
      expect(edited.rewritten).toBe(false);
      expect(diffLines(text, edited.text).filter(({ removed }) => removed)).toEqual([]);
      expect(edited.text).toMatch(/ - \|\n +set -eu\n/);
      expect(editManifest(edited.text, document.index, inverse(operations, podLike.spec))).toEqual({
        ok: true,
        text,
        rewritten: false,
      });
    }
  });
});
