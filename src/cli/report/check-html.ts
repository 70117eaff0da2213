// The result of check-media-mounts as one page that needs nothing beside itself: no script, no font, no picture.
import type { CheckStatus, MountResult, PodResult } from '../../check/check-result.ts';
import { renderCheckSummary } from './check-text.ts';

export interface CheckHtmlFacts {
  readonly context: string;
  readonly time: Date;
  readonly passedOver: number;
}

/** Pods that fail come first, then those with a warning. */
export function renderCheckHtml(pods: readonly PodResult[], facts: CheckHtmlFacts): string {
  const sorted = pods.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  const mounts = pods.flatMap((pod) => pod.mounts);
  const tiles = ORDER.map((status) => {
    const count = mounts.filter((mount) => mount.status === status).length;
    return `<li class="${status}"><b>${count}</b> ${TILE[status]}</li>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Media mounts: ${escape(facts.context)}</title>
<style>${STYLE}</style>
<main>
<h1>Media mounts</h1>
<p>${escape(renderCheckSummary(pods, facts.passedOver))} Context ${escape(facts.context)}, <time>${facts.time.toISOString()}</time>.</p>
<ul class="tiles">
${tiles.join('\n')}
</ul>
<table>
<thead><tr><th>Pod</th><th>Node</th><th>Remote</th><th>State</th><th>Entries</th><th>Listing</th><th>Server</th><th>Path and what was found</th></tr></thead>
<tbody>
${sorted.map(renderPod).join('\n')}
</tbody>
</table>
<footer>media-stack check-media-mounts</footer>
</main>
</html>
`;
}

const ORDER: readonly CheckStatus[] = ['fail', 'warn', 'ok'];
const TILE: Readonly<Record<CheckStatus, string>> = { fail: 'failed', warn: 'with a warning', ok: 'fine' };
const WORD: Readonly<Record<CheckStatus, string>> = { fail: 'FAIL', warn: 'WARN', ok: 'OK' };

function renderPod({ namespace, pod, node, mounts }: PodResult): string {
  return mounts
    .map((mount, index) => {
      const name =
        index > 0
          ? ''
          : `<th scope="rowgroup" rowspan="${mounts.length}"><small>${escape(namespace)}/</small>${escape(pod)}</th><td rowspan="${mounts.length}">${escape(node) || '-'}</td>`;
      return `<tr class="${mount.status}${index === 0 ? ' first' : ''}">${name}${renderMount(mount)}</tr>`;
    })
    .join('\n');
}

function renderMount(mount: MountResult): string {
  const entries = mount.entries === null ? '-' : `${mount.entries}${mount.moreEntries ? '+' : ''}`;
  const message = mount.message === '' ? '' : `<p>${escape(mount.message)}</p>`;
  const mend = mount.mend === '' ? '' : `<p class="mend"><b>mend:</b> ${escape(mount.mend)}</p>`;
  return [
    `<td>${escape(mount.remote)}</td>`,
    `<td><span class="state">${WORD[mount.status]}</span></td>`,
    `<td class="number">${entries}</td>`,
    `<td class="number">${seconds(mount.listingMs)}</td>`,
    `<td class="number">${seconds(mount.backendMs)}</td>`,
    `<td><code>${escape(mount.path)}</code>${message}${mend}</td>`,
  ].join('');
}

function seconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1000).toFixed(2)} s`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (found) => ESCAPES[found] ?? found);
}

// Colours hold a contrast of 4.5 on their ground in both schemes; the state is a word too.
const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1c2024; --faint: #5f6770; --line: #dfe3e8; --fail: #b3261e; --warn: #855600; --ok: #1d6b3a; --tint-fail: #fdeceb; --tint-warn: #fdf3e0; }
@media (prefers-color-scheme: dark) { :root { --ground: #16191d; --text: #e6e8eb; --faint: #9aa4af; --line: #2e343b; --fail: #ff8f86; --warn: #f0b95a; --ok: #7fd39b; --tint-fail: #2c1a1a; --tint-warn: #2a2317; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 80rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
main > p { margin: 0 0 1.25rem; color: var(--faint); }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; margin: 0 0 1.5rem; padding: 0; }
.tiles li { border: 1px solid var(--line); border-left: 4px solid currentColor; border-radius: 6px; padding: .5rem 1rem; min-width: 9rem; }
.tiles b { font-size: 1.5rem; margin-right: .35rem; }
.tiles .fail, .fail .state { color: var(--fail); } .tiles .warn, .warn .state { color: var(--warn); } .tiles .ok, .ok .state { color: var(--ok); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .45rem .6rem; } th:first-child { padding-left: 0; }
thead th { color: var(--faint); font-weight: 600; border-bottom: 1px solid var(--line); white-space: nowrap; }
tr.first > * { border-top: 1px solid var(--line); }
tr.fail td:not([rowspan]) { background: var(--tint-fail); } tr.warn td:not([rowspan]) { background: var(--tint-warn); }
tbody th { font-weight: 600; overflow-wrap: anywhere; min-width: 15rem; } small { font-weight: 400; color: var(--faint); }
.state { font-weight: 700; } .number { font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
td p { margin: .2rem 0 0; } .mend { color: var(--faint); } .mend b { color: var(--text); }
footer { margin-top: 2rem; color: var(--faint); }
@media (max-width: 50rem) { table { display: block; overflow-x: auto; } }
`;
