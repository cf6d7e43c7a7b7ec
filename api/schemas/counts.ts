import { z } from 'zod';
import { JOB_STATUSES } from '../../workflows/contract.ts';
import { parserOf, wholeNumber } from './query-parts.ts';

/** The query of the counts. */
export const countsSchema = z.object({
  hours: wholeNumber(1, 720).prefault('24').meta({ description: 'Hours up to now, in 24 parts.', example: 24 }),
});

/** `?hours=`, 24 by default. */
export const parseCountsQuery = parserOf(countsSchema);

const amount = z.int().nonnegative();

/** Jobs over time, as the API tells them. */
export const jobCountsSchema = z.strictObject({
  from: z.int().meta({ description: 'When the first part begins, in epoch milliseconds.' }),
  step_seconds: z.number().meta({ description: 'How long each part is.' }),
  counts: z
    .array(z.record(z.enum(JOB_STATUSES), amount))
    .meta({ description: 'Of each part, jobs that were created in it, by what has become of them.' }),
});

export type JobCounts = z.infer<typeof jobCountsSchema>;
