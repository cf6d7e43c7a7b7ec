/** What ends a command, said so that a person knows what to do next. */
import { faultsIn, isApiRefusal, NotTheService, ServiceUnreachable } from '../client/errors.ts';

/** A command that cannot be carried out as it was given; the message says why, and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The sentences that a person reads of an error. */
export function sentencesOf(error: unknown, server: string): string[] {
  if (error instanceof ServiceUnreachable || error instanceof NotTheService) {
    return [
      error.message,
      `Is the service up, and is its address right? It is ${server}; --server or KTR_SERVER sets another one.`,
    ];
  }
  if (isApiRefusal(error)) return [error.message, ...faultLines(error.data), ...adviceFor(error.status)];
  return [error instanceof Error ? error.message : String(error)];
}

function faultLines(data: unknown): string[] {
  return faultsIn(data).map(({ field, fault }) => `  ${field}: ${fault}`);
}

function adviceFor(status: number): string[] {
  if (status === 401) return ['Sign in by `ktr login`, or set KTR_API_KEY.'];
  if (status === 403) return ['The credential does not have the right for this; ask for one that has it.'];
  if (status === 404) return ['`ktr ls --status all` shows the jobs that there are.'];
  return [];
}
