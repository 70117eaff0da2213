// All rules, in the order of their IDs. A retired ID stays here as a comment and is never given away again.
import { ms101 } from './ms101-node-selector.ts';
import { ms102 } from './ms102-required-affinity.ts';
import { ms103 } from './ms103-node-name.ts';
import { ms201 } from './ms201-app-propagation.ts';
import { ms202 } from './ms202-sidecar-propagation.ts';
import { ms203 } from './ms203-unprivileged-bidirectional.ts';
import { ms204 } from './ms204-app-bidirectional.ts';
import { ms205 } from './ms205-sub-path.ts';
import { ms206 } from './ms206-recursive-read-only.ts';
import { ms207 } from './ms207-mount-on-volume-root.ts';
import { ms208 } from './ms208-different-volumes.ts';
import { ms301 } from './ms301-sidecar-privileged.ts';
import { ms302 } from './ms302-missing-sidecar.ts';
import { ms303 } from './ms303-mount-point-made.ts';
import { ms304 } from './ms304-init-order.ts';
import { ms305 } from './ms305-job-never-completes.ts';
import { ms306 } from './ms306-user-namespace.ts';
import { ms307 } from './ms307-recursive-chown.ts';
import { ms308 } from './ms308-grace-period.ts';
import { ms401 } from './ms401-standalone-mount.ts';
import { ms402 } from './ms402-sidecar-resources.ts';
import { ms403 } from './ms403-open-rc.ts';
import { ms404 } from './ms404-unpinned-image.ts';
import { ms405 } from './ms405-read-write.ts';
import { ms406 } from './ms406-unbounded-cache.ts';
import { ms407 } from './ms407-preferred-nodes.ts';
import { ms408 } from './ms408-required-scc.ts';
import { ms501 } from './ms501-label-on-workload.ts';
import { ms502 } from './ms502-label-value.ts';
import { ms503 } from './ms503-annotation.ts';
import { ms504 } from './ms504-mounted-elsewhere.ts';
import type { Rule } from './rule.ts';

export const RULES: readonly Rule[] = [
  ms101,
  ms102,
  ms103,
  ms201,
  ms202,
  ms203,
  ms204,
  ms205,
  ms206,
  ms207,
  ms208,
  ms301,
  ms302,
  ms303,
  ms304,
  ms305,
  ms306,
  ms307,
  ms308,
  ms401,
  ms402,
  ms403,
  ms404,
  ms405,
  ms406,
  ms407,
  ms408,
  ms501,
  ms502,
  ms503,
  ms504,
];
