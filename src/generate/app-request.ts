// What a person asked for, as words: nothing in it is checked.

export interface AppRequest {
  readonly app: string;
  readonly image: string;
  readonly port: string;
  readonly zone: string;
  readonly sidecars: boolean;
  readonly inline: boolean;
  readonly expose: string;
  readonly host?: string | undefined;
  readonly ingressClass?: string | undefined;
  readonly tlsSecret?: string | undefined;
  /** NAME or NAMESPACE/NAME. */
  readonly gateway?: string | undefined;
  readonly gatewayListener?: string | undefined;
  readonly namespace?: string | undefined;
  readonly openshift: boolean;
  readonly serviceAccount?: string | undefined;
  readonly puid: string;
  readonly pgid: string;
  readonly tz: string;
  readonly configPath: string;
  readonly argocd?: string | undefined;
  readonly argocdProject?: string | undefined;
  readonly argocdRevision?: string | undefined;
  readonly argocdPath?: string | undefined;
  readonly argocdDestination?: string | undefined;
  readonly argocdNamespace?: string | undefined;
}

/** Takes down what is wrong with an option: its name, the value found, the mend. */
export type Complain = (option: string, message: string, hint: string) => void;
