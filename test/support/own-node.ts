import { delimiter, dirname } from 'node:path';

/** An environment in which `node` is the one that runs this test, as npm's scripts have it. */
export function ownNodeFirst(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, PATH: `${dirname(process.execPath)}${delimiter}${env['PATH'] ?? ''}` };
}
