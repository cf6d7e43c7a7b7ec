import { ApiException } from '#kubernetes-client';
import type { V1Status } from '@kubernetes/client-node';
import { isBeyondQuota } from './beyond-quota.ts';

/** Kubernetes answered a request with a refusal. `status` is its whole answer. */
export class ClusterRefusedError extends Error {
  override readonly name = 'ClusterRefusedError' as const;
  readonly code: number;
  readonly status: V1Status;

  constructor(action: string, code: number, status: V1Status, cause: unknown) {
    super(`${action}: ${status.message ?? `HTTP ${code}`}`, { cause });
    this.code = code;
    this.status = status;
  }
}

/** An object of the wanted name exists, and its labels say that it belongs to somebody else. */
export class NotOursError extends Error {
  override readonly name = 'NotOursError' as const;

  constructor(kind: string, name: string) {
    super(`${kind} ${name} exists already and does not belong to this job`);
  }
}

/** A node broke off a log, and said why where the log would have gone on. */
export class LogUnreadableError extends Error {
  override readonly name = 'LogUnreadableError' as const;

  constructor(word: string) {
    super(`the node cannot read on in the log: ${word}`);
  }
}

/** Something of the job is still on the cluster after a delete was accepted. */
export class StillThereError extends Error {
  override readonly name = 'StillThereError' as const;

  constructor(objects: readonly string[]) {
    super(`still on the cluster: ${objects.join(', ')}`);
  }
}

/** The API server answered 404: a positive answer that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return codeOf(error) === 404;
}

/** Answers of an API server that has no such log: the pod has no node (204), its container has not started or is none of its own (400), the pod is gone (404). */
const WITHOUT_LOG: readonly (number | undefined)[] = [204, 400, 404];

/** The API server has no such log. */
export function isWithoutLog(error: unknown): boolean {
  return WITHOUT_LOG.includes(codeOf(error));
}

/** The API server does not understand what it is asked for: 400, or 422 for a value that it does not take. */
export function isBadRequest(error: unknown): boolean {
  return codeOf(error) === 400 || codeOf(error) === 422;
}

/** An object of that name exists already, or the precondition on its UID does not hold. */
export function isConflict(error: unknown): boolean {
  return codeOf(error) === 409;
}

/** The resource version of a list or watch is too old: list again. */
export function isGone(error: unknown): boolean {
  return codeOf(error) === 410;
}

/** The API server answered, and not with what was asked for. */
export function isRefused(error: unknown): boolean {
  return codeOf(error) !== undefined;
}

/** Refusals that heal by themselves; the rest of 4xx never does. Any 5xx and any network fault may heal. */
const PASSING_CODES = new Set([401, 408, 409, 410, 425, 429]);

/** True when the same request can never succeed. A quota (403 `exceeded quota`) is freed by other jobs, if it is large enough. */
export function isPermanent(error: unknown): error is ClusterRefusedError {
  if (!(error instanceof ClusterRefusedError)) return false;
  if (error.code >= 500 || PASSING_CODES.has(error.code)) return false;
  return !(error.code === 403 && /exceeded quota/i.test(error.message)) || isBeyondQuota(error.message);
}

/** Turns what the Kubernetes client throws into a {@link ClusterRefusedError}; other errors stay as they are. */
export function clusterError(action: string, error: unknown): unknown {
  if (!(error instanceof ApiException)) return error;
  return new ClusterRefusedError(action, error.code, statusOf(error.body, error.code), error);
}

function codeOf(error: unknown): number | undefined {
  if (error instanceof ClusterRefusedError || error instanceof ApiException) return error.code;
  return undefined;
}

function statusOf(body: unknown, code: number): V1Status {
  if (isStatus(body)) return body;
  const parsed = typeof body === 'string' ? parseJson(body) : undefined;
  if (isStatus(parsed)) return parsed;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    message: (typeof body === 'string' ? body : JSON.stringify(body ?? '')).slice(0, 1024),
  };
}

function isStatus(value: unknown): value is V1Status {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
