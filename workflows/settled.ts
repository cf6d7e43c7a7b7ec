import { isCancellation } from '@temporalio/workflow';

/** Waits for all, so that nothing is under way when an ending begins; then throws the first error, if there is one. */
export async function allSettled<T extends readonly unknown[]>(
  promises: [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const results: readonly PromiseSettledResult<unknown>[] = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return await Promise.all(promises);
}

/** For what was cancelled on purpose: any other error is one. */
export function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
