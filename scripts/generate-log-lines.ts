// docs/log-lines.md: the log lines that troubleshoot-mounts knows, and its checks and symptoms.
import { CHECKS, GROUP_TITLES } from '../src/diagnose/checks.ts';
import { LOG_PATTERNS } from '../src/diagnose/match-log-lines.ts';
import { SYMPTOMS } from '../src/diagnose/symptoms.ts';
import { renderCode, renderMarkdownTable, renderNotice, renderSentence } from './generate-markdown.ts';

/** The text of docs/log-lines.md. */
export function renderLogLinesPage(): string {
  const checks = CHECKS.map(({ id, group, title }) => [
    renderCode(id),
    GROUP_TITLES[group],
    renderSentence(title),
  ]);
  const symptoms = Object.entries(SYMPTOMS).map(([symptom, { issue, words }]) => [
    issue === null ? '' : String(issue),
    `"${words}"`,
    renderCode(symptom),
  ]);
  const lines = LOG_PATTERNS.map(({ id, pattern, cause, mend, source }) => [
    renderCode(id),
    renderCode(pattern.source),
    renderSentence(cause),
    mend.map(renderSentence).join(' '),
    renderSentence(source),
  ]);
  return `${renderNotice('src/diagnose/')}
# What troubleshoot-mounts knows

The checks in their order; \`--only\` and \`-o json\` name them by id.

${renderMarkdownTable(['Id', 'Group', 'It is fine when'], checks)}
## Symptoms

What is wrong is told in these words at the end, each with its likely causes. The numbers are those of the known issues.

${renderMarkdownTable(['Issue', 'Words', 'In JSON'], symptoms)}
## Log lines

Searched for in the logs of init-dirs and the sidecars, in their termination messages, and in what a server answers.

${renderMarkdownTable(['Code', 'Line (regular expression)', 'Cause', 'Mend', 'Source'], lines)}`;
}
