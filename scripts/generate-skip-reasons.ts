// docs/skip-reasons.md from the table of reasons.
import { SKIP_REASONS } from '../src/inject/skip-reason.ts';
import { PASS_REASONS } from '../src/policy/pass-reason.ts';
import { renderCode, renderMarkdownTable, renderNotice, renderSentence } from './generate-markdown.ts';

/** The text of docs/skip-reasons.md. */
export function renderSkipReasonsPage(): string {
  const rows = Object.entries(SKIP_REASONS).map(([reason, { text, hint }]) => [
    `<a id="${reason}"></a>${renderCode(reason)}`,
    renderSentence(text),
    renderSentence(hint),
  ]);
  const passes = Object.entries(PASS_REASONS).map(([reason, text]) => [
    renderCode(reason),
    renderSentence(text),
  ]);
  return `${renderNotice('src/inject/skip-reason.ts')}
# Why a pod was not injected

Every pod that is left alone is left alone for one of these reasons. The word is the same everywhere: in what
\`media-stack explain -f FILE\` and \`media-stack inject -f FILE\` print, in the log of the server, and as the label
\`reason\` of the metric \`media_stack_admission_requests_total\`.

${renderMarkdownTable(['Reason', 'What it means', 'What to do'], rows)}
## Why the validating endpoint did not judge an object

It has these reasons beside the ones above. The word stands in the log and in the same metric.

${renderMarkdownTable(['Reason', 'What it means'], passes)}`;
}
