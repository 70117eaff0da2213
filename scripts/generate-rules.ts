// docs/rules/README.md from the catalogue of rules.
import { RULES } from '../src/policy/catalogue.ts';
import { renderCode, renderMarkdownTable, renderNotice, renderSentence } from './generate-markdown.ts';

/** The text of docs/rules/README.md. */
export function renderRulesPage(): string {
  const rows = RULES.map(({ id, title, level, why }) => [
    `<a id="${id}"></a>${id}`,
    renderSentence(title),
    level,
    renderSentence(why),
  ]);
  return `${renderNotice('src/policy/')}
# Rules

What cannot work is refused with the rule's ID, the field, the value found and the mend. A workload (Deployment and so
on) is judged as the pod that it will become: its template is injected first, so "missing" means missing after
injection. \`POST /validate\` answers with these rules, and \`media-stack explain -f FILE\` prints what they say.

${renderMarkdownTable(['ID', 'Rule', 'Level', 'Why'], rows)}
- **Levels.** \`deny\` refuses the object, \`warn\` lets it pass with a warning in kubectl's output. The settings change
  the level of a rule: \`policy.rules: { MS306: warn }\`, or \`off\` ([settings](../settings.md#policy)).
  MS208, MS502 and MS503 name what an injection cannot act on: it refuses that whatever their level.
- **Waivers.** The annotation ${renderCode('media-stack/ignore: "MS306"')} waives warnings of one pod; denials too where
  the settings say \`policy.waivers: all\`.
- **IDs** are stable. One that is retired is never given away again.
`;
}
