// The part of a Pod (core/v1) that this project reads. Everything else stays in the raw JSON and is never
// touched: a typed model that drops unknown fields has broken pods of other injectors (KEP-753, stripped restartPolicy).
import type { JsonObject } from './json.ts';

export interface Pod {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly metadata?: PodMetadata | null | undefined;
  readonly spec: PodSpec;
}

export interface PodMetadata {
  readonly name?: string | undefined;
  readonly generateName?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | null | undefined;
  readonly annotations?: Readonly<Record<string, string>> | null | undefined;
  /** Shape not checked: read it with `controllerKind`. */
  readonly ownerReferences?: unknown;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[] | null | undefined;
  readonly volumes?: readonly Volume[] | null | undefined;
  readonly affinity?: { readonly nodeAffinity?: NodeAffinity | null | undefined } | null | undefined;
  readonly nodeSelector?: Readonly<Record<string, string>> | null | undefined;
  readonly nodeName?: string | undefined;
  readonly hostUsers?: boolean | undefined;
  readonly runtimeClassName?: string | undefined;
  /** Seconds; not checked: the API server does. */
  readonly terminationGracePeriodSeconds?: unknown;
  readonly os?: { readonly name?: string | undefined } | null | undefined;
  readonly resources?: Resources | null | undefined;
}

export interface Container {
  readonly name: string;
  readonly image?: string | undefined;
  readonly command?: readonly string[] | null | undefined;
  readonly args?: readonly string[] | null | undefined;
  readonly restartPolicy?: string | undefined;
  /** Shape not checked: the cost of decoding must not grow with it. */
  readonly env?: unknown;
  readonly volumeMounts?: readonly VolumeMount[] | null | undefined;
  readonly securityContext?: { readonly privileged?: boolean | undefined } | null | undefined;
  readonly resources?: Resources | null | undefined;
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly mountPropagation?: string | null | undefined;
  readonly subPath?: string | undefined;
  readonly subPathExpr?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly recursiveReadOnly?: string | undefined;
}

/** An item of a list whose merge key is `name`: a container or a volume as we write it. */
export type NamedItem = JsonObject & { readonly name: string };

/** A volume is its name plus exactly one source, e.g. `{ name, persistentVolumeClaim: { claimName } }`. */
export type Volume = NamedItem;

/** Quantities as Kubernetes writes them (`500m`, `1Gi`); a manifest may hold plain numbers. */
export type ResourceList = Readonly<Record<string, string | number>>;

export interface Resources {
  readonly requests?: ResourceList | null | undefined;
  readonly limits?: ResourceList | null | undefined;
}

export interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?:
    | {
        readonly nodeSelectorTerms?: readonly NodeSelectorTerm[] | null | undefined;
      }
    | null
    | undefined;
  readonly preferredDuringSchedulingIgnoredDuringExecution?:
    | readonly { readonly weight?: number | undefined; readonly preference?: NodeSelectorTerm | undefined }[]
    | null
    | undefined;
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[] | null | undefined;
  readonly matchFields?: readonly NodeSelectorRequirement[] | null | undefined;
}

export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | null | undefined;
}
