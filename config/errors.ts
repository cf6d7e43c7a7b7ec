/** What can go wrong with the configuration, named once. */

/** The configuration cannot be used. `faults` holds one sentence each; `message` holds all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(['The configuration has faults:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
    this.faults = faults;
  }
}

/** Somebody asked for `--help`; `message` is the text to show. */
export class HelpRequested extends Error {
  override readonly name = 'HelpRequested';
}
