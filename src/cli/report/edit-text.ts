// Edited manifests as text: the manifests themselves, a diff or the patches.
import type { Operation } from '../../pod/json-patch.ts';
import { readManifests } from '../../workload/documents.ts';
import type { Workload } from '../../workload/template.ts';
import { renderDiff } from './diff-text.ts';
import { paintFor } from './style.ts';

export type EditOutput = 'yaml' | 'json' | 'diff' | 'patch';

export interface RenderedEdit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly workloads: readonly { readonly workload: Workload; readonly patch: readonly Operation[] }[];
}

/** What goes to stdout. */
export function renderEdits(edited: readonly RenderedEdit[], output: EditOutput): string {
  switch (output) {
    case 'yaml':
      return joinDocuments(edited.map((file) => file.after));
    case 'json': {
      const values = edited.flatMap((file) =>
        readManifests(file.after, file.file).documents.map((document) => document.value),
      );
      const list = values.length === 1 ? values[0] : { apiVersion: 'v1', kind: 'List', items: values };
      return `${JSON.stringify(list, null, 2)}\n`;
    }
    case 'diff':
      return edited
        .map((file) => renderDiff(file.file, file.before, file.after, paintFor(process.stdout)))
        .join('');
    case 'patch': {
      const patches = edited.flatMap(({ file, workloads }) =>
        workloads
          .filter(({ patch }) => patch.length > 0)
          .map(({ workload, patch }) => ({
            file,
            apiVersion: workload.apiVersion,
            kind: workload.kind,
            namespace: workload.namespace,
            name: workload.name,
            patch,
          })),
      );
      return `${JSON.stringify(patches, null, 2)}\n`;
    }
  }
}

/** Files one behind the other as one stream of documents; a single file stays as it is, byte for byte. */
function joinDocuments(texts: readonly string[]): string {
  return texts
    .map((text, index) => {
      if (index === texts.length - 1) return text;
      const ended = text.endsWith('\n') ? text : `${text}\n`;
      return /^---(\s|$)/.test(texts[index + 1] ?? '') ? ended : `${ended}---\n`;
    })
    .join('');
}
