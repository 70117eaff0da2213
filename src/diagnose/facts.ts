// What the checks know: plain data, each piece there or with the reason why not. cluster/ gathers it.
import type { MountEvidence } from '../check/judge-mount.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Known } from './known.ts';
import type { LinkReading, SidecarReading } from './parse-look.ts';
import type { RcloneSection } from './rclone-config.ts';
import type { Subject } from './subject.ts';

export interface Facts {
  readonly subject: Subject;
  /** Seconds since 1970. */
  readonly now: number;
  /** The Deployment, StatefulSet, ...; null for a pod that nobody controls. */
  readonly workload: Known<JsonObject> | null;
  /** Of the pod; of a workload without pods those of its controllers. */
  readonly events: Known<readonly EventFact[]>;
  readonly logs: readonly ContainerLog[];
  /** One per expected mount, in their order. */
  readonly mounts: Known<readonly MountEvidence[]>;
  /** By container. */
  readonly sidecars: Readonly<Record<string, Known<SidecarReading>>>;
  readonly links: Known<LinkReading>;
  /** By name of the Secret. */
  readonly secrets: Readonly<Record<string, Known<SecretFacts>>>;
  /** Null where the media volume is no claim. */
  readonly claim: Known<JsonObject> | null;
  readonly volume: Known<JsonObject> | null;
  readonly limitRanges: Known<readonly JsonObject[]>;
  readonly namespace: Known<JsonObject>;
  readonly nodes: Known<readonly JsonObject[]>;
  /** Pods on the same node, this one left out; null where it has no node. */
  readonly neighbours: Known<readonly JsonObject[]> | null;
  readonly mutating: Known<readonly JsonObject[]>;
  readonly validating: Known<readonly JsonObject[]>;
  /** By `url` or `NAMESPACE/SERVICE` of our webhooks. */
  readonly endpoints: Readonly<Record<string, Known<EndpointFacts>>>;
  /** By caBundle, as it stands in the configuration. */
  readonly bundles: Readonly<Record<string, BundleFacts>>;
  /** Whether the API server would take a new pod like this one, asked by a dry run. */
  readonly admission: Known<Admission>;
  /** May the service account use the SCC "privileged"? Null off OpenShift. */
  readonly privilegedScc: Known<boolean> | null;
}

export interface EventFact {
  readonly reason: string;
  readonly message: string;
  readonly object: string;
}

export interface ContainerLog {
  readonly container: string;
  /** Of the container before the last restart. */
  readonly previous: boolean;
  readonly lines: Known<readonly string[]>;
}

/** Names only. */
export interface SecretFacts {
  readonly keys: readonly string[];
  /** By key, for those that look like an rclone.conf. */
  readonly sections: Readonly<Record<string, readonly RcloneSection[]>>;
}

export type EndpointFacts =
  /** A server that was reached from here, with the certificate that it shows. */
  | {
      readonly kind: 'certificate';
      readonly notBefore: number;
      readonly notAfter: number;
      readonly subject: string;
      readonly trusted: string | null;
    }
  | { readonly kind: 'unreachable'; readonly message: string }
  /** A Service, and how many of its endpoints are ready. */
  | { readonly kind: 'service'; readonly ready: number };

export interface BundleFacts {
  /** Null where it cannot be read; then `problem` says why. */
  readonly notAfter: number | null;
  readonly subject: string;
  readonly problem: string | null;
}

export type Admission =
  /** `injected`: our webhook was called. */
  | { readonly outcome: 'admitted'; readonly injected: boolean }
  | { readonly outcome: 'refused'; readonly message: string };
