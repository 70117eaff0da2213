// The names in a Secret: its keys, and the sections of what looks like an rclone.conf. Values are dropped here.
import { parseRcloneConfig } from '../diagnose/rclone-config.ts';
import type { SecretFacts } from '../diagnose/facts.ts';
import { isJsonObject } from '../pod/json.ts';
import type { Cluster } from './cluster.ts';
import { readObject } from './objects.ts';

/** Rejects with a ClusterError. */
export async function readSecretFacts(
  cluster: Cluster,
  namespace: string,
  name: string,
): Promise<SecretFacts> {
  const { data } = await readObject(cluster, { kind: 'Secret', namespace, name });
  const entries = isJsonObject(data) ? Object.entries(data) : [];
  const sections = entries.flatMap(([key, value]) => {
    if (typeof value !== 'string') return [];
    const found = parseRcloneConfig(Buffer.from(value, 'base64').toString('utf8'));
    return found.length === 0 ? [] : [[key, found] as const];
  });
  return { keys: entries.map(([key]) => key), sections: Object.fromEntries(sections) };
}
