// All rules, in the order of their IDs. A retired ID stays here as a comment and is never given away again.
import { ms101 } from './ms101-node-selector.ts';
import { ms102 } from './ms102-required-affinity.ts';
import { ms103 } from './ms103-node-name.ts';
import { ms201 } from './ms201-app-propagation.ts';
import { ms202 } from './ms202-sidecar-propagation.ts';
import { ms203 } from './ms203-unprivileged-bidirectional.ts';
import { ms205 } from './ms205-sub-path.ts';
import { ms206 } from './ms206-recursive-read-only.ts';
import { ms208 } from './ms208-different-volumes.ts';
import { ms301 } from './ms301-sidecar-privileged.ts';
import { ms302 } from './ms302-missing-sidecar.ts';
import { ms303 } from './ms303-mount-point-made.ts';
import { ms304 } from './ms304-init-order.ts';
import { ms306 } from './ms306-user-namespace.ts';
import { ms502 } from './ms502-label-value.ts';
import { ms503 } from './ms503-annotation.ts';
import type { Rule } from './rule.ts';

export const RULES: readonly Rule[] = [
  ms101,
  ms102,
  ms103,
  ms201,
  ms202,
  ms203,
  ms205,
  ms206,
  ms208,
  ms301,
  ms302,
  ms303,
  ms304,
  ms306,
  ms502,
  ms503,
];
