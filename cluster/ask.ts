import { clusterError } from './errors.ts';

/** Awaits an answer of the API server; what is refused is thrown as a ClusterRefusedError that names `action`. */
export async function ask<T>(action: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw clusterError(action, error);
  }
}

/** Awaits `request`; undefined when it fails as expected. */
export async function tolerate<T>(
  isExpected: (error: unknown) => boolean,
  request: Promise<T>,
): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isExpected(error)) return undefined;
    throw error;
  }
}
