// The volume sources that the media volume may have (core/v1, VolumeSource). The common three are written out: a slip in
// one of their keys would be dropped by the API server, which makes an emptyDir of a volume without a source.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { closed } from './schema-parts.ts';

const text = (description: string) => Type.String({ minLength: 1, description });
const readOnly = Type.Optional(Type.Boolean());
const anySource = (): TSchema => Type.Optional(Type.Object({}, { additionalProperties: true }));

/** The keys of media.volume: exactly one is given. */
export const volumeSources: Record<string, TSchema> = {
  persistentVolumeClaim: Type.Optional(
    Type.Object({ claimName: text('Name of the claim, in the namespace of the pod'), readOnly }, closed),
  ),
  nfs: Type.Optional(Type.Object({ server: text('Host'), path: text('Exported path'), readOnly }, closed)),
  hostPath: Type.Optional(
    Type.Object({ path: text('Path on the node'), type: Type.Optional(Type.String()) }, closed),
  ),
  emptyDir: anySource(),
  ephemeral: anySource(),
  csi: anySource(),
  cephfs: anySource(),
  flexVolume: anySource(),
  glusterfs: anySource(),
  iscsi: anySource(),
  azureFile: anySource(),
};
