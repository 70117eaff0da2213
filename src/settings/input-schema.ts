// The schema of a settings file as a person writes it.
import type { TSchema } from 'typebox';
import { settingsSchema } from './schema.ts';

/**
 * The schema of what a person writes: a key with a default need not be there. The types above describe what is
 * there once the defaults are filled in.
 */
export function inputSchema(schema: TSchema = settingsSchema): TSchema {
  return relax(schema) as TSchema;
}

function relax(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relax);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = key === 'default' ? item : relax(item);
  const { properties, required } = value as { properties?: Record<string, TSchema>; required?: string[] };
  if (properties && required) {
    const needed = required.filter((name) => !('default' in (properties[name] ?? {})));
    if (needed.length > 0) copy['required'] = needed;
    else delete copy['required'];
  }
  return copy;
}
