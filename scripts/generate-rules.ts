// docs/rules/ from the catalogue of rules and their examples: the index, and a page for each.
import { RULES } from '../src/policy/catalogue.ts';
import type { Rule } from '../src/policy/rule.ts';
import { FIXED_RULE_IDS } from '../src/problem/rule-ids.ts';
import { renderCode, renderMarkdownTable, renderNotice, renderSentence } from './generate-markdown.ts';
import { readRuleExample } from './rule-examples.ts';

/** The text of docs/rules/README.md. */
export function renderRulesPage(): string {
  const rows = RULES.map(({ id, title, level, why }) => [
    `[${id}](${id}.md)`,
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
  ${FIXED_RULE_IDS.join(', ')} name what no injection can act on: they are always \`deny\`, and nothing waives them.
- **Waivers.** The annotation ${renderCode('media-stack/ignore: "MS306"')} waives warnings of one pod; denials too where
  the settings say \`policy.waivers: all\`.
- **IDs** are stable. One that is retired is never given away again.
`;
}

/** The text of docs/rules/ID.md. */
export function renderRulePage(rule: Rule): string {
  const { id, title, level } = rule;
  const bad = readRuleExample(id, 'bad');
  const good = readRuleExample(id, 'good');
  const findings = bad.problems.map(
    ({ code, level: found, path, message, hint }) => `${found} ${code} ${path}\n  ${message}\n  ${hint}\n`,
  );
  const settings =
    bad.settings === null ? '' : `\nwith these settings:\n\n${renderBlock('yaml', bad.settings)}`;
  return `${renderNotice(`src/policy/ and test/fixtures/rules/${id}/`)}
# ${id}: ${title.replaceAll(/[_*<]/g, String.raw`\$&`)}

Level: ${renderCode(level)}. [All rules](README.md)

## Why

${renderSentence(rule.why)}

## Bad

${renderBlock('yaml', bad.text)}${settings}
${renderCode('media-stack lint')} says:

${renderBlock('text', findings.join(''))}
## Good

${renderBlock('yaml', good.text)}
## Waiver and level

${renderWaiver(rule)}
`;
}

function renderWaiver({ id, level }: Rule): string {
  if (FIXED_RULE_IDS.includes(id))
    return 'There is none. No injection can act on this, so the webhook refuses such a pod in any case; the settings take no other level than `deny`.';
  const annotation = renderCode(`media-stack/ignore: "${id}"`);
  const waiver =
    level === 'deny'
      ? `The annotation ${annotation} on the pod template waives it only where the settings say ${renderCode('policy.waivers: all')}.`
      : `The annotation ${annotation} on the pod template waives the warning.`;
  const otherLevel = renderCode(`policy.rules: { ${id}: ${level === 'deny' ? 'warn' : 'deny'} }`);
  return `${waiver} For the whole cluster the settings change the level:
${otherLevel}, or ${renderCode('off')} ([settings](../settings.md#policy)).`;
}

function renderBlock(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\`\`\`\n`;
}
