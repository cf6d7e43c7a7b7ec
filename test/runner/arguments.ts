import { parseArgs } from 'node:util';
import { SUITES } from '../suites.ts';
import { VARIANTS } from '../support/variants.ts';
import type { Selection } from './plan.ts';

/** What the command line asks for. */
export interface RunOptions extends Selection {
  /** Leave the stack running for the next call. */
  readonly keep: boolean;
  /** Write the durations of this run to `test/durations.json`. */
  readonly recordDurations: boolean;
}

const OPTIONS = {
  all: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  variant: { type: 'string' },
  'record-durations': { type: 'boolean', default: false },
} as const;

/**
 * `[--all] [--keep] [--variant one-pod] [suite | suite/beginning-of-a-file ...]`; pure.
 * @throws Error that names what is unknown, and what there is
 */
export function parseArguments(args: readonly string[]): RunOptions {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const suites = SUITES.map(({ name }) => name);
  const unknown = positionals.filter((name) => !suites.includes(name.split('/', 1)[0] ?? ''));
  if (unknown.length > 0) throw new Error(`unknown suite ${unknown.join(', ')}; use ${suites.join(', ')}`);
  const variant = VARIANTS.find((known) => known === values.variant);
  if (values.variant !== undefined && variant === undefined)
    throw new Error(`unknown variant ${values.variant}; use ${VARIANTS.join(', ')}`);
  return {
    isAll: values.all,
    names: positionals,
    ...(variant !== undefined && { variant }),
    keep: values.keep,
    recordDurations: values['record-durations'],
  };
}
