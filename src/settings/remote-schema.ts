// The schema of one remote.
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { closed } from './schema-parts.ts';

const RELATIVE_OR_ABSOLUTE_PATH = '^/?[A-Za-z0-9._+=@-]+(/[A-Za-z0-9._+=@-]+)*$';
const DNS_LABEL = '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$';
const DNS_SUBDOMAIN = '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$';

const vfsCacheMode = Type.Enum(['off', 'minimal', 'writes', 'full'], {
  description: 'Default: rclone.vfsCacheMode',
});

export const remoteSchema = Type.Object(
  {
    name: Type.String({
      pattern: DNS_LABEL,
      // The container is named rclone-NAME and a cache volume rclone-NAME-cache; a DNS label holds 63 characters.
      maxLength: 50,
      description: 'Name of the remote; the sidecar is named rclone-NAME',
    }),
    secret: Type.String({
      pattern: DNS_SUBDOMAIN,
      maxLength: 253,
      description: 'Secret with the key rclone.conf, in the namespace of the pod',
    }),
    remote: Type.Optional(
      Type.String({
        pattern: '^[^-:\\s][^:]*:',
        description:
          'What rclone mounts: a section of rclone.conf and a colon, with a path behind it if wanted. Default: NAME:',
      }),
    ),
    path: Type.Optional(
      Type.String({
        pattern: RELATIVE_OR_ABSOLUTE_PATH,
        description: 'Mount point: a directory directly below media.path. Default: NAME',
      }),
    ),
    probePath: Type.String({
      default: '',
      pattern: '^([^/\\s-][^\\s]*)?$',
      description: 'A directory below the mount point that is listed where content is checked, e.g. __all__',
    }),
    flags: Type.Array(Type.String(), {
      default: [],
      description: 'More rclone flags for this remote, e.g. --buffer-size=32Mi',
    }),
    image: Type.Optional(
      Type.String({ minLength: 1, description: 'Image of this sidecar. Default: images.rclone' }),
    ),
    readOnly: Type.Optional(Type.Boolean({ description: 'Default: rclone.readOnly' })),
    vfsCacheMode: Type.Optional(vfsCacheMode),
    cacheSize: Type.Optional(
      Type.Unsafe<string | number>({ type: ['string', 'number'], description: 'Default: rclone.cacheSize' }),
    ),
    metricsAddr: Type.Optional(
      Type.String({
        pattern: ':\\d+$',
        description:
          'Serve rclone metrics there (--metrics-addr), e.g. :9572. Each remote needs a port of its own. Default: off',
      }),
    ),
  },
  closed,
);

export type Remote = Static<typeof remoteSchema>;
