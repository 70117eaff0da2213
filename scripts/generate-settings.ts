// docs/settings.md and schemas/settings.schema.json from the settings schema.
import { stringify } from 'yaml';
import { inputSchema } from '../src/settings/input-schema.ts';
import { defaultSettings } from '../src/settings/parse-settings.ts';
import { formatJson } from './format-json.ts';
import { renderCode, renderMarkdownTable, renderNotice, renderSentence } from './generate-markdown.ts';

/** The keywords of JSON Schema that the settings use. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

/** The text of schemas/settings.schema.json. */
export async function renderSettingsSchema(): Promise<string> {
  return formatJson('settings.schema.json', inputSchema());
}

/** The text of docs/settings.md. */
export function renderSettingsPage(): string {
  const { properties = {} } = inputSchema() as Schema;
  const objects = Object.entries(properties).filter(
    ([, schema]) => schema.properties ?? schema.items?.properties,
  );
  const single = Object.entries(properties).filter(([name]) => !objects.some(([other]) => other === name));
  const sections = objects.map(([name, schema]) => renderSection(name, schema));
  return `${renderNotice('src/settings/schema.ts')}
# Settings

One YAML file, given with \`--settings FILE\` to \`serve\`, \`inject\`, \`explain\`, \`lint\` and \`policy\`. Every key has a
default: an empty file is a complete one. An unknown key, a wrong type or a bad quantity is refused with line, column and the mend. The
server reads the file again when it changes; one with an error is logged and counted, and the last good one stays.

For completion and checks in an editor, begin the file with
\`# yaml-language-server: $schema=PATH/schemas/settings.schema.json\`.

${sections.join('\n')}
## Other keys

${renderKeyTable(single.flatMap(([name, schema]) => listKeys(name, schema, false)))}
## The complete default file

\`\`\`yaml
${renderDefaultFile()}\`\`\`
`;
}

/** The default settings as a file. */
export function renderDefaultFile(): string {
  // kubectl and Helm read YAML 1.1, where a bare \`off\` is false.
  return stringify(defaultSettings(), { compat: 'yaml-1.1', lineWidth: 0 });
}

function renderSection(name: string, schema: Schema): string {
  const { items } = schema;
  const keys = items?.properties ? listObjectKeys(`${name}[]`, items) : listObjectKeys(name, schema);
  const standard = items?.properties
    ? ' A list; without it the two remotes of the default file below. `remotes: []` is none.'
    : '';
  return `## ${name}\n\n${renderSentence(schema.description ?? '')}${standard}\n\n${renderKeyTable(keys)}`;
}

type KeyRow = readonly [key: string, type: string, standard: string, description: string];

function renderKeyTable(rows: readonly KeyRow[]): string {
  return renderMarkdownTable(['Key', 'Type', 'Default', 'What it is'], rows);
}

function listObjectKeys(path: string, schema: Schema): KeyRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    listKeys(`${path}.${name}`, child, schema.required?.includes(name) ?? false),
  );
}

/** A row for a value, the rows of its keys for an object; a description of the object heads those. */
function listKeys(path: string, schema: Schema, required: boolean): KeyRow[] {
  const text = renderSentence(schema.description ?? '');
  if (schema.properties) {
    const keys = listObjectKeys(path, schema);
    return text === '' ? keys : [[renderCode(path), 'map', '', text], ...keys];
  }
  return [[renderCode(path), describeType(schema), describeDefault(schema, required), text]];
}

function describeType(schema: Schema): string {
  if (schema.enum) return schema.enum.map(renderCode).join(', ');
  if (schema.type === 'array') return `list of ${schema.items ? describeType(schema.items) : 'anything'}s`;
  if (schema.type === 'object') {
    const [values] = Object.values(schema.patternProperties ?? {});
    return values?.enum ? `map to ${describeType(values)}` : 'map';
  }
  if (schema.minimum !== undefined) return `${String(schema.type)}, at least ${schema.minimum}`;
  return [schema.type ?? []].flat().join(' or ');
}

function describeDefault(schema: Schema, required: boolean): string {
  if (required) return '**required**';
  const { default: standard } = schema;
  if (standard === undefined) return 'unset';
  if (typeof standard === 'string') return standard === '' ? 'empty' : renderCode(standard);
  if (Array.isArray(standard))
    return standard.length === 0 ? 'empty' : standard.map((item) => renderCode(String(item))).join(', ');
  const flow = stringify(standard, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return flow === '{}' ? 'empty' : renderCode(flow);
}
