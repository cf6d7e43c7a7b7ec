import type { Bucket } from '../bucket/bucket.ts';
import { outputObjectOf } from '../bucket/objects.ts';
import { createLook } from '../cluster/look.ts';
import type { JobRef } from '../cluster/names.ts';
import type { Job, JobOutput, Observation } from '../workflows/contract.ts';
import { attemptRefOf } from '../workflows/state.ts';
import type { ActivityDeps } from './deps.ts';
import { fateOf } from './fate.ts';

/** What is known of a job whose workflow was ended by force. */
export interface Examined {
  /** The newest that is known of it. */
  readonly job: Job;
  /** What was done to its workflow. */
  readonly cause: string;
  /** The spooled input that it was started with. */
  readonly inputObject?: string;
  /** How far its Kubernetes Jobs have come. */
  readonly seen: readonly Observation[];
}

type ExamineDeps = Pick<ActivityDeps, 'workflows' | 'bucket' | 'store' | 'cluster'>;

/** Gathers what the end of an abandoned job is made of; undefined when it is none, or has got its end since. */
export function createExamine(deps: ExamineDeps) {
  const look = createLook(deps.cluster);
  return async function examine(ref: JobRef): Promise<Examined | undefined> {
    const fate = await fateOf(deps, ref);
    if (fate.kind !== 'abandoned') return undefined;
    const { cause, inputObject } = fate;
    const job = newerOf(fate.job, await deps.store.find(ref.id));
    const attempt = attemptRefOf(job);
    const [task, cleanup] = await Promise.all([look(attempt, 'task'), look(attempt, 'cleanup')]);
    const output = await publishedOutput(deps.bucket, job, cleanup);
    return {
      ...{ job: output ? { ...job, output } : job, cause, seen: [task, cleanup] },
      ...(inputObject !== undefined && { inputObject }),
    };
  };
}

function newerOf(job: Job, mirrored: Job | undefined): Job {
  return mirrored && mirrored.revision > job.revision ? mirrored : job;
}

/** The output may have got its name just before the workflow would have learnt of it: the upload tells what it was. */
async function publishedOutput(
  bucket: Pick<Bucket, 'stat'>,
  { name, output, failure }: Job,
  { report }: Observation,
): Promise<JobOutput | undefined> {
  if (output || !report?.ok) return output;
  const { sizeBytes, crc32c, files } = report;
  const stored = await bucket.stat(outputObjectOf(name));
  const isOurs = stored?.sizeBytes === sizeBytes && stored.crc32c === crc32c;
  return isOurs ? { ...stored, files, complete: failure === undefined } : undefined;
}
