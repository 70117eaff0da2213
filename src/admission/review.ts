// The AdmissionReview as the API server sends and reads it (k8s.io/api/admission/v1 and v1beta1, types.go): only
// the fields this project uses. No npm package holds these types.

export const ADMISSION_API_VERSIONS = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] as const;
export type AdmissionApiVersion = (typeof ADMISSION_API_VERSIONS)[number];

export const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;
export type Verb = (typeof OPERATIONS)[number];

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** One question of the API server, decoded. Take the namespace from here: the object may not carry one yet. */
export interface AdmissionRequest {
  readonly uid: string;
  /** The version the review came in; the answer must carry the same. */
  readonly apiVersion: AdmissionApiVersion;
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  /** `''` if the request is not for a subresource. */
  readonly subResource: string;
  /** `''` while the API server has not made a name from generateName. */
  readonly name: string;
  /** `''` for a cluster-wide object. */
  readonly namespace: string;
  readonly operation: Verb;
  readonly dryRun: boolean;
  /** The raw object; `null` on DELETE. */
  readonly object: unknown;
  /** The raw old object; `null` on CREATE and CONNECT. */
  readonly oldObject: unknown;
}

/** A field that is wrong (metav1.StatusCause): for `reason: Invalid` kubectl prints only these. */
export interface StatusCause {
  readonly field: string;
  readonly message: string;
  /** metav1.CauseType, e.g. `FieldValueInvalid`. */
  readonly reason?: string;
}

/** The part of metav1.Status that a denial fills. */
export interface Status {
  readonly status: 'Failure';
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: {
    readonly kind?: string;
    readonly group?: string;
    readonly name?: string;
    readonly causes?: readonly StatusCause[];
  };
}

/** The answer on the wire. `patch` is base64 of a JSON Patch; it and `patchType` are both there or both absent. */
export interface AdmissionReviewAnswer {
  readonly apiVersion: AdmissionApiVersion;
  readonly kind: 'AdmissionReview';
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly patchType?: 'JSONPatch';
    readonly patch?: string;
    readonly status?: Status;
    readonly warnings?: readonly string[];
    readonly auditAnnotations?: Readonly<Record<string, string>>;
  };
}
