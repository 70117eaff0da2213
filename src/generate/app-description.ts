// What a generated app is made from, checked.

export const ZONES = ['zone1', 'zone2', 'zone3', 'zone4'] as const;
export type Zone = (typeof ZONES)[number];

export type Exposure =
  | { readonly kind: 'none' }
  | { readonly kind: 'route'; readonly host: string | null }
  | {
      readonly kind: 'ingress';
      readonly host: string;
      readonly className: string | null;
      readonly tlsSecret: string | null;
    }
  | {
      readonly kind: 'gateway';
      readonly host: string | null;
      readonly gateway: { readonly namespace: string | null; readonly name: string };
    };

export interface ArgocdTarget {
  readonly repository: string;
  readonly project: string;
  readonly revision: string;
  /** URL of an API server, or the name of a cluster that Argo CD knows. */
  readonly destination: string;
  readonly namespace: string;
}

export interface AppDescription {
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly zone: Zone;
  /** Null leaves it to whoever applies it. */
  readonly namespace: string | null;
  readonly serviceAccount: string | null;
  readonly uid: number;
  readonly gid: number;
  readonly timeZone: string;
  readonly isLabelled: boolean;
  readonly isOpenshift: boolean;
  readonly exposure: Exposure;
  readonly argocd: ArgocdTarget | null;
}
