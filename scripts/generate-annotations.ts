// docs/annotations.md from the annotation table.
import { ANNOTATIONS, ANNOTATION_PREFIX } from '../src/intent/annotations.ts';
import { MOUNTS_LABEL, STATUS_ANNOTATION } from '../src/intent/labels.ts';
import { renderCode, renderMarkdownTable, renderNotice, renderSentence } from './generate-markdown.ts';

/** The text of docs/annotations.md. */
export function renderAnnotationsPage(): string {
  const rows = ANNOTATIONS.map(({ name, type, example, description, setting }) => [
    `<a id="${name}"></a>${renderCode(ANNOTATION_PREFIX + name)}`,
    renderSentence(description),
    renderSentence(type.expected),
    renderCode(`"${example}"`),
    renderCode(setting),
  ]);
  return `${renderNotice('src/intent/annotations.ts')}
# Annotations

The label \`${MOUNTS_LABEL}: "true"\` asks for the mounts; these annotations say how *this* pod shall have them. Both
go under \`metadata\` of the pod, or of the pod template of a Deployment, StatefulSet, DaemonSet, Job or CronJob. On the
Deployment itself they do nothing. Every value is a string: write \`"true"\` and \`"1"\` with the quotes.

An annotation wins over the setting of one remote, and that over the setting for all. An unknown name or a value that
does not parse is refused (MS503), with what would have been right; it is never passed over.

${renderMarkdownTable(['Annotation', 'What it does', 'Value', 'Example', 'Instead of the setting'], rows)}
Of the four resource annotations one is enough: a limit below the standard request pulls the request down with it, and
a request above the standard limit pulls the limit up.

\`${STATUS_ANNOTATION}\` is written by media-stack: version, remotes, and exactly what was added where.
\`media-stack uninject\` takes an injection out by it. Do not write it yourself.
`;
}
