import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { isRefused } from '../cluster/errors.ts';
import { within } from '../promises.ts';
import { ERROR_TYPES } from '../workflows/names.ts';

/** How often a cluster that does not give a log is asked for it. */
const TRIES = 3;

/** How long a node may be silent in one try; in milliseconds. */
const SILENCE_MS = 35_000;

/** The node that has the log did not answer. */
class NodeSilentError extends Error {
  override readonly name = 'NodeSilentError' as const;

  constructor(silenceMs: number) {
    super(`the node did not answer within ${silenceMs / 1000} s`);
  }
}

/**
 * Runs a step without which the job goes on. What the cluster refuses, or a node does not answer, is given up for good at the third
 * try; a bucket or a network that is away is nothing to give up for, as the steps that follow wait for it, too.
 * @throws ApplicationFailure, not to be tried again, when it is given up; else what `deed` throws
 */
export async function inTries<T>(deed: () => Promise<T>, silenceMs = SILENCE_MS): Promise<T> {
  try {
    return await within(silenceMs, deed(), (limitMs) => new NodeSilentError(limitMs));
  } catch (error) {
    if (activityInfo().attempt < TRIES || !isOfTheCluster(error)) throw error;
    throw ApplicationFailure.nonRetryable(error.message, ERROR_TYPES.logNotGiven);
  }
}

function isOfTheCluster(error: unknown): error is Error {
  return error instanceof NodeSilentError || isRefused(error);
}
