// An app that is to be written as manifests, checked: everything behind this takes it as it is.

export const ZONES = ['zone1', 'zone2', 'zone3', 'zone4'] as const;
export type Zone = (typeof ZONES)[number];

export const EXPOSURES = ['route', 'ingress', 'gateway', 'none'] as const;

/** How people reach the app. */
export type Exposure =
  | { readonly kind: 'route'; readonly host: string | null }
  | {
      readonly kind: 'ingress';
      readonly host: string;
      readonly className: string | null;
      readonly tlsSecret: string | null;
    }
  | {
      readonly kind: 'gateway';
      readonly host: string;
      readonly gateway: GatewayRef;
    }
  | { readonly kind: 'none' };

export interface GatewayRef {
  readonly name: string;
  /** Null for the namespace of the app. */
  readonly namespace: string | null;
  /** Null for every listener that fits. */
  readonly listener: string | null;
}

/** The Argo CD Application that applies the manifests. */
export interface ArgoCd {
  readonly repo: string;
  readonly project: string;
  readonly revision: string;
  /** Folder of the manifests in the repository. */
  readonly path: string;
  readonly destination: { readonly server: string } | { readonly name: string };
  /** Where Argo CD itself lives. */
  readonly namespace: string;
}

export interface MediaApp {
  /** Name of the Deployment, its container and its Service. */
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly zone: Zone;
  /** Who adds the sidecars: the webhook by the label, this program in the manifest, nobody. */
  readonly sidecars: 'label' | 'inline' | 'none';
  readonly exposure: Exposure;
  /** Null where kubectl's context decides. */
  readonly namespace: string | null;
  readonly openshift: boolean;
  readonly serviceAccount: string | null;
  readonly puid: number;
  readonly pgid: number;
  readonly timeZone: string;
  /** Where the app keeps its own files. */
  readonly configPath: string;
  readonly argocd: ArgoCd | null;
}
