// The labels that every object of an app has.
import type { MediaApp } from './media-app.ts';

/** `app` is what Service and Deployment select by, `zone` what NetworkPolicies of the cluster do. */
export function renderLabels({ name, zone }: MediaApp): { readonly app: string; readonly zone: string } {
  return { app: name, zone };
}
