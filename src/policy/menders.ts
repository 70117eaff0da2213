// What `lint --fix` can mend without a guess, by rule.
import { mendMs501, mendMs502 } from './mend-label.ts';
import { mendMs101 } from './mend-node-selector.ts';
import { mendMs201, mendMs204 } from './mend-propagation.ts';
import { mendMs102 } from './mend-required-affinity.ts';
import type { Mender } from './mender.ts';

export const MENDERS: ReadonlyMap<string, Mender> = new Map(
  [mendMs101, mendMs102, mendMs201, mendMs204, mendMs501, mendMs502].map((mender) => [mender.id, mender]),
);
