// Pieces of the settings schema that stand in several places.
import { Type } from 'typebox';
import type { TObject, TUnsafe } from 'typebox';

/** An object that refuses unknown keys. */
export const closed = { additionalProperties: false } as const;

/** A Kubernetes quantity with a standard value. */
export const quantity = (description: string, standard: string): TUnsafe<string | number> =>
  Type.Unsafe<string | number>({
    type: ['string', 'number'],
    description: `${description} (Kubernetes quantity)`,
    default: standard,
  });

type AmountsSchema = TObject<{ cpu: TUnsafe<string | number>; memory: TUnsafe<string | number> }>;
type ResourcesSchema = TObject<{ requests: AmountsSchema; limits: AmountsSchema }>;

/** Requests and limits of one kind of container. */
export const resourcesSchema = (
  requests: [string, string],
  limits: [string, string],
  description: string,
): ResourcesSchema =>
  Type.Object(
    {
      requests: Type.Object(
        { cpu: quantity('CPU request', requests[0]), memory: quantity('Memory request', requests[1]) },
        { ...closed, default: {} },
      ),
      limits: Type.Object(
        { cpu: quantity('CPU limit', limits[0]), memory: quantity('Memory limit', limits[1]) },
        { ...closed, default: {} },
      ),
    },
    { ...closed, default: {}, description },
  );
