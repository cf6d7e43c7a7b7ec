/** Schema for which failures of an attempt are followed by another one. */
import { z } from 'zod';
import { FAILURE_REASONS } from '../../workflows/failure-reasons.ts';

const MAX_EXIT_CODES = 64;

/** A whole number in a range, with one fault for all that it is not. */
function wholeNumber(min: number, max: number) {
  const fault = `Must be a whole number from ${min} to ${max}`;
  return z.int({ error: fault }).min(min, fault).max(max, fault);
}

const FACTOR_FAULT = 'Must be a number from 1 to 10';
const REASON_FAULT = `Must be one of ${FAILURE_REASONS.join(', ')}`;

/** Disruptions by the cluster are tried again without it. */
export const retrySchema = z
  .strictObject({
    max_attempts: wholeNumber(1, 10).nullish().meta({
      description:
        'Most attempts, the first among them; 3 without it. Those that the cluster disrupted do not count. 1: whatever happens, there is no second one.',
    }),
    reasons: z
      .array(z.enum(FAILURE_REASONS, { error: REASON_FAULT }))
      .max(FAILURE_REASONS.length)
      .nullish()
      .meta({
        description:
          'Failures to try again after. Without `reasons`, `exit_codes` and `memory_factor`: all that are `retryable`.',
        example: ['ImagePullTimeout'],
      }),
    exit_codes: z
      .array(wholeNumber(1, 255))
      .max(MAX_EXIT_CODES)
      .nullish()
      .meta({ description: 'Exit codes of the task to try again after.', example: [75] }),
    backoff_seconds: wholeNumber(0, 3600).nullish().meta({
      description:
        'Seconds before the second attempt, twice as many before each further one, 3600 at most; 10 without it.',
    }),
    memory_factor: z.number({ error: FACTOR_FAULT }).min(1, FACTOR_FAULT).max(10, FACTOR_FAULT).nullish().meta({
      description: 'A task that ran out of memory is tried again with so many times the memory.',
      example: 2,
    }),
  })
  .meta({ description: 'Which failures of an attempt are followed by another one.' });
