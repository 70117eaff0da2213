// The numbers of the HTTP server, each with its sum and its source.

// etcd takes 1.5 MiB, and the API server at most 3 MiB per object in a request (apiserver server/config.go
// MaxRequestBodyBytes); a review of an UPDATE holds the object twice, and the rest (user, kinds) stays far below 1 MiB:
// 3 + 3 + 1. controller-runtime has the same number (pkg/webhook/admission/http.go, maxRequestSize).
export const MAX_BODY_BYTES: number = 7 * 1024 * 1024;

// An oversize body is read to this size and thrown away before it is refused, see `readBody`.
export const MAX_DISCARDED_BYTES: number = 64 * 1024 * 1024;

// Go keeps idle connections for 90 s (apimachinery util/net/http.go); who closes first loses requests: a POST on a
// connection that the server is just closing is not sent again (client-go request.go). So stay open for longer.
export const KEEP_ALIVE_TIMEOUT_MS: number = 100_000;

// Node counts a connection that was opened and never used as one whose headers are late (node_http_parser.cc sets
// last_message_start_ on the first moment). Go's pool holds such connections, for the same 90 s: it dials, another
// connection comes free first, the new one is put aside. So the same sum holds here; Node's own 60 s would be wrong.
export const HEADERS_TIMEOUT_MS: number = 100_000;
export const REQUEST_TIMEOUT_MS: number = 100_000;

// Node looks for late connections this often (its default, 30 s, would stretch the limits above by half).
export const CONNECTION_CHECK_MS: number = 5_000;

// A TLS handshake takes milliseconds; Node would wait for 120 s.
export const HANDSHAKE_TIMEOUT_MS: number = 10_000;

// timeoutSeconds of a webhook configuration when nothing is written there (k8s.io/api admissionregistration/v1).
export const DEFAULT_ADMISSION_TIMEOUT_MS: number = 10_000;
// ... and its highest value (kubernetes pkg/apis/admissionregistration/validation).
export const MAX_ADMISSION_TIMEOUT_MS: number = 30_000;
