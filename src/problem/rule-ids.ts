// The IDs of the rules. Settings and annotations name them; policy/catalogue.ts holds those that are there already, and
// the others are kept for theirs. An ID is never given away twice.

// prettier-ignore
export const RULE_IDS: readonly string[] = [
  'MS101', 'MS102', 'MS103', 'MS201', 'MS202', 'MS203', 'MS204', 'MS205',
  'MS206', 'MS207', 'MS208', 'MS301', 'MS302', 'MS303', 'MS304', 'MS305',
  'MS306', 'MS307', 'MS308', 'MS401', 'MS402', 'MS403', 'MS404', 'MS405',
  'MS406', 'MS407', 'MS408', 'MS501', 'MS502', 'MS503', 'MS504',
];

/**
 * Rules about what an injection cannot act on: /mutate refuses such a pod, so that neither the settings nor an
 * annotation can let it pass.
 */
export const FIXED_RULE_IDS: readonly string[] = ['MS208', 'MS502', 'MS503'];
