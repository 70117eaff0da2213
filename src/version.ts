// The version of this build; a test keeps it equal to package.json.

export const VERSION = '0.1.0';

/** Where the page of each rule is published; the links of SARIF reports begin with it. */
export const RULE_PAGES = 'https://github.com/media-stack/media-stack/blob/main/docs/rules';
