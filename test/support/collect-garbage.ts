import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Frees all that is unreachable, as V8 does by itself sooner or later. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What one collection frees may be what kept something else; finalizers run between them.
  for (let round = 0; round < 5; round += 1) {
    collect();
    await nextTurn();
  }
}
