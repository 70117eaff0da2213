// One request in which the uid and the pod name are replaced before each sending, and the answer that it must get.
// Every request of a server's life has its own uid and name, so no answer can come from a cache.

/** The uid and the pod name of every input file; here they are replaced, in an answer they are looked for. */
export const PLACEHOLDER_UID: string = '00000000-0000-4000-8000-000000000000';
export const PLACEHOLDER_NAME: string = 'sonarr-7c9f6d5b84-bbbbb';

/** Bytes, and where in them uid and name stand. Buffers survive the way to another process as they are. */
export interface NumberedBytes {
  readonly bytes: Uint8Array;
  readonly uidOffsets: readonly number[];
  readonly nameOffsets: readonly number[];
}

// The alphabet of the API server's generated names (apimachinery util/rand): no vowels, no 0, 1 or 3.
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const NAME_SUFFIX_LENGTH = 5;

/** Finds the placeholders. Throws where the uid is not there exactly once: then an answer could not be told apart. */
export function findPlaceholders(bytes: Buffer): NumberedBytes {
  const uidOffsets = offsetsOf(bytes, PLACEHOLDER_UID);
  if (uidOffsets.length !== 1) {
    throw new Error(`the uid ${PLACEHOLDER_UID} is there ${uidOffsets.length} times, not once`);
  }
  return { bytes, uidOffsets, nameOffsets: offsetsOf(bytes, PLACEHOLDER_NAME) };
}

/** A copy of its own that `writeNumber` may change. */
export function copyNumbered({ bytes, uidOffsets, nameOffsets }: NumberedBytes): NumberedBuffer {
  return { bytes: Buffer.from(bytes), uidOffsets, nameOffsets };
}

export interface NumberedBuffer extends NumberedBytes {
  readonly bytes: Buffer;
}

/** Writes uid and name number `number` into the bytes; the length stays. Numbers are distinct below 27^5 = 14 million. */
export function writeNumber({ bytes, uidOffsets, nameOffsets }: NumberedBuffer, number: number): void {
  const uid = uidOf(number);
  for (const offset of uidOffsets) bytes.write(uid, offset, 'latin1');
  if (nameOffsets.length === 0) return;
  const name = nameOf(number);
  for (const offset of nameOffsets) bytes.write(name, offset, 'latin1');
}

/** The uid of request `number`. */
export function uidOf(number: number): string {
  return PLACEHOLDER_UID.slice(0, 24) + number.toString(16).padStart(12, '0');
}

function nameOf(number: number): string {
  let rest = number;
  let suffix = '';
  for (let index = 0; index < NAME_SUFFIX_LENGTH; index += 1) {
    suffix = NAME_ALPHABET.charAt(rest % NAME_ALPHABET.length) + suffix;
    rest = Math.floor(rest / NAME_ALPHABET.length);
  }
  return PLACEHOLDER_NAME.slice(0, -NAME_SUFFIX_LENGTH) + suffix;
}

function offsetsOf(bytes: Buffer, text: string): number[] {
  const offsets: number[] = [];
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) offsets.push(at);
  return offsets;
}
