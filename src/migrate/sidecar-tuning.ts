// What an annotation can set on a mount sidecar, read from the sidecar itself: hand-written or injected.
import type { Container } from '../pod/pod.ts';
import { parseQuantity } from '../pod/quantity.ts';
import { flagValue } from './mount-command.ts';
import type { RcloneFlag } from './mount-command.ts';
import { durationMs, sizeBytes } from './rclone-values.ts';

export interface TunedValue {
  /** Equal for values that mean the same: `60s` and `1m`. Null for none: no limit, no bound. */
  readonly key: string | number | null;
  /** As the annotation would have it; null where no annotation says this. */
  readonly annotation: string | null;
  /** For people: `--vfs-cache-mode full`, `no cpu limit`. */
  readonly shown: string;
  /** For people, the value alone: `full`, `none`. */
  readonly short: string;
  /** True where nobody has written it. */
  readonly isDefault: boolean;
}

/** By the name of the annotation behind `media-stack/`. */
export type Tuning = Readonly<Record<TuningName, TunedValue>>;
export type TuningName = (typeof TUNING_NAMES)[number];

/** In the order of the annotation table. */
export const TUNING_NAMES = [
  'read-only',
  'vfs-cache-mode',
  'cache-size',
  'dir-cache-time',
  'attr-timeout',
  'poll-interval',
  'cpu-request',
  'cpu-limit',
  'memory-request',
  'memory-limit',
] as const;

/** rclone gets 80 % of a cache volume: src/plan/rclone-command.ts. */
const CACHE_SHARE = 0.8;
const MEBIBYTE = 2 ** 20;

/** The values in force: rclone's own where no flag is given (vfs/vfscommon/options.go, cmd/mountlib/mount.go). */
export function readTuning(flags: readonly RcloneFlag[], container: Container): Tuning {
  return {
    'read-only': readOnly(flagValue(flags, '--read-only')),
    'vfs-cache-mode': cacheMode(flagValue(flags, '--vfs-cache-mode')),
    'cache-size': cacheSize(flagValue(flags, '--vfs-cache-max-size')),
    'dir-cache-time': duration(flags, '--dir-cache-time', '5m'),
    'attr-timeout': duration(flags, '--attr-timeout', '1s'),
    'poll-interval': duration(flags, '--poll-interval', '1m'),
    'cpu-request': resource(container, 'cpu', 'request'),
    'cpu-limit': resource(container, 'cpu', 'limit'),
    'memory-request': resource(container, 'memory', 'request'),
    'memory-limit': resource(container, 'memory', 'limit'),
  };
}

function readOnly(value: string | undefined): TunedValue {
  const key = String(value === 'true');
  const isOn = key === 'true';
  return {
    key,
    annotation: key,
    shown: isOn ? '--read-only' : 'read-write (no --read-only)',
    short: isOn ? 'read-only' : 'read-write',
    isDefault: value === undefined,
  };
}

function cacheMode(value: string | undefined): TunedValue {
  const mode = (value ?? 'off').toLowerCase();
  return {
    key: mode,
    annotation: ['off', 'minimal', 'writes', 'full'].includes(mode) ? mode : null,
    shown: `--vfs-cache-mode ${mode}`,
    short: mode,
    isDefault: value === undefined,
  };
}

function cacheSize(value: string | undefined): TunedValue {
  const bytes = value === undefined ? null : sizeBytes(value);
  const volumeMebibytes = bytes === null ? 0 : Math.ceil(bytes / MEBIBYTE / CACHE_SHARE);
  return {
    key: bytes,
    annotation: volumeMebibytes === 0 ? null : mebibytes(volumeMebibytes),
    shown: bytes === null ? 'a cache without a bound' : `--vfs-cache-max-size ${value}`,
    short: bytes === null ? 'none' : String(value),
    isDefault: value === undefined,
  };
}

function mebibytes(count: number): string {
  return count % 1024 === 0 ? `${count / 1024}Gi` : `${count}Mi`;
}

function duration(flags: readonly RcloneFlag[], name: string, standard: string): TunedValue {
  const given = flagValue(flags, name);
  const value = given ?? standard;
  const ms = durationMs(value);
  return {
    key: ms ?? value,
    annotation: ms === null ? null : /[a-z]$/.test(value) ? value : `${value}s`,
    shown: `${name} ${value}`,
    short: value,
    isDefault: given === undefined,
  };
}

function resource({ resources }: Container, name: 'cpu' | 'memory', kind: 'request' | 'limit'): TunedValue {
  const limit = resources?.limits?.[name];
  // The API server takes the limit for a request that is not written.
  const value = kind === 'limit' ? limit : (resources?.requests?.[name] ?? limit);
  return {
    key: value === undefined ? null : parseQuantity(value),
    annotation: value === undefined ? null : String(value),
    shown: value === undefined ? `no ${name} ${kind}` : `${name} ${kind} ${value}`,
    short: value === undefined ? 'none' : String(value),
    isDefault: value === undefined,
  };
}
