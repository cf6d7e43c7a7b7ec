import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command of Node. */
export interface NodeCommand {
  readonly args: readonly string[];
  /** What it is told by its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What `npm run <script>` starts in a checkout. */
export function commandOf(script: `start:${'api' | 'worker'}`, checkout: string): NodeCommand {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const words = (scripts[script] ?? '').split(' ');
  const node = words.indexOf('node');
  return {
    args: words.slice(node + 1),
    env: Object.fromEntries(words.slice(0, node).map((word) => word.split('=', 2) as [string, string])),
  };
}
