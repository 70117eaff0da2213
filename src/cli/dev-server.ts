// What `serve --dev` adds to a server: certificates in a private folder that ends with the process, and the words
// with the one line to try.
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { writeDevCertificates } from '../../certs-tool/write-dev-certificates.ts';
import type { DevCertificateFiles } from '../../certs-tool/write-dev-certificates.ts';
import { shellWord } from './shell-word.ts';

/**
 * Certificates in a folder of their own under the temporary folder (mode 0700), which is removed when the process
 * ends, however it ends short of SIGKILL.
 */
export async function makeDevCertificates(now: Date): Promise<DevCertificateFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'media-stack-dev-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return writeDevCertificates({ folder, now });
}

export interface BannerFacts {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  readonly settingsFile: string | null;
  readonly caFile: string;
  /** Absent where this program runs without its checkout. */
  readonly exampleFile: string | undefined;
  /** curl would send a request to loopback through a proxy of the environment. */
  readonly hasProxy: boolean;
}

/** The review in the checkout that the curl line sends, as an absolute path, so that the line works anywhere. */
export function findExampleReview(): string | undefined {
  const file = fileURLToPath(new URL('../../examples/admission-review.json', import.meta.url));
  return existsSync(file) ? file : undefined;
}

/** True where the environment names a proxy for https. */
export function hasHttpsProxy(env: Readonly<Record<string, string | undefined>>): boolean {
  return ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'].some((name) => (env[name] ?? '') !== '');
}

/** What a person sees who has started the server. */
export function renderBanner(facts: BannerFacts): string {
  const lines = [
    'media-stack is running, to try it out: its certificates were made just now and end with it.',
    '',
    `  webhook   ${facts.url}   POST /mutate, POST /validate, GET /healthz, /readyz, /version`,
    `  metrics   ${facts.metricsUrl ?? 'off (its port is in use, or it was switched off)'}`,
    `  settings  ${facts.settingsFile ?? 'the defaults (your own: --settings FILE)'}`,
    '',
  ];
  if (facts.exampleFile !== undefined) {
    lines.push('Try it in another terminal; it shows the patch for a labelled Sonarr pod:', '');
    lines.push(renderCurl(facts.url, facts.caFile, facts.exampleFile, facts.hasProxy), '');
  }
  lines.push('Ctrl-C ends it.', '');
  return `${lines.join('\n')}\n`;
}

// node decodes, because it is there for certain (jq may not be, `base64 -d` differs between systems), and because an
// answer without a patch is then shown as it is.
const DECODE =
  'r=JSON.parse(fs.readFileSync(0)).response;r.patch?JSON.stringify(JSON.parse(Buffer.from(r.patch,"base64")),null,2):r';

function renderCurl(url: string, caFile: string, exampleFile: string, hasProxy: boolean): string {
  const proxy = hasProxy ? "--noproxy '*' " : '';
  const send = `--cacert ${shellWord(caFile)} -H 'content-type: application/json' --data ${shellWord(`@${exampleFile}`)}`;
  return `curl -sS ${proxy}${send} ${url}/mutate | node -p '${DECODE}'`;
}
