// Kubernetes resource quantities (k8s.io/apimachinery/pkg/api/resource/quantity.go).

const QUANTITY = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

const DIVISORS: Readonly<Record<string, number>> = { n: 1e9, u: 1e6, m: 1e3 };
const FACTORS: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The value of a quantity in its base unit (cores, bytes): `500m` is 0.5, `1Ki` is 1024; null when it is none. */
export function parseQuantity(quantity: string | number): number | null {
  const match = QUANTITY.exec(String(quantity));
  if (!match) return null;
  const [, digits = '', suffix = ''] = match;
  const value = Number(digits);
  // A division keeps `100m` equal to `0.1`; a multiplication by 0.001 would not.
  if (suffix in DIVISORS) return value / (DIVISORS[suffix] ?? 1);
  if (suffix in FACTORS) return finite(value * (FACTORS[suffix] ?? 1));
  return finite(suffix === '' ? value : Number(digits + suffix));
}

/** Kubernetes holds a quantity in 63 bits; what is beyond is none. */
function finite(value: number): number | null {
  return Math.abs(value) < 2 ** 63 ? value : null;
}
