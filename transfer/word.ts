import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Not every file system tells of its changes. */
const LOOK_MS = 5_000;

/**
 * Resolves as soon as the file at `path` has a content. Kubernetes changes such a file by changing the folder around it, which is watched.
 * @throws an AbortError when `signal` aborts before; what the file system says when there is no such file
 */
export async function untilSaid(path: string, signal: AbortSignal): Promise<void> {
  let bell = Promise.withResolvers<void>();
  const watcher = watch(dirname(path), () => bell.resolve());
  // Then the looks are all that there is.
  watcher.on('error', () => undefined);
  try {
    for (;;) {
      // Before the look, so that no change falls between the two.
      bell = Promise.withResolvers();
      if ((await stat(path)).size > 0) return;
      await Promise.race([bell.promise, sleep(LOOK_MS, undefined, { signal })]);
    }
  } finally {
    watcher.close();
  }
}
