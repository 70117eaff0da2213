import type { Operation } from '../pod/json-patch.ts';
import type { Mender, MendInput } from './mender.ts';
import { writeField } from './mender.ts';

/** An app that has None gets what it needs to see the mounts. */
export const mendMs201: Mender = { id: 'MS201', mend: writeHostToContainer };

/** An app needs to see mounts, not to make them. */
export const mendMs204: Mender = { id: 'MS204', mend: writeHostToContainer };

function writeHostToContainer({ object, path }: MendInput): readonly Operation[] {
  return [writeField(object, path, 'HostToContainer')];
}
