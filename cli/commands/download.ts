/** `ktr download`: brings the output of a job. */
import type { Job } from '../../client/types.ts';
import type { Session } from '../deps.ts';
import { UsageError } from '../errors.ts';
import { fetchOutput, isZipName } from '../job/result.ts';
import { createProgress } from '../progress.ts';
import { skippedLines } from '../show/states.ts';

/** Brings the output of the job `id` to `place`; a folder of its name without one. */
export async function download(session: Session, id: string, place?: string): Promise<void> {
  const job = await session.client.get(id);
  await bring(session, job, place ?? `${job.name}-output`);
  for (const line of skippedLines(job)) session.terminal.say(line);
}

/** Brings an output, and shows how far it is. */
export async function bring({ client, terminal }: Session, job: Job, place: string): Promise<void> {
  if (job.output === undefined)
    throw new UsageError(`${job.name} has no output; \`ktr explain ${job.name}\` says why.`);
  const progress = createProgress(terminal, 'Receiving', job.output.bytes);
  try {
    await fetchOutput(client, job, place, {
      signal: new AbortController().signal,
      onBytes: (sizeBytes) => progress.add(sizeBytes),
    });
  } finally {
    progress.stop();
  }
  terminal.say(`output: ${place}${isZipName(place) ? '' : '/'}${job.output.complete ? '' : ' (incomplete)'}`);
}
