import type { Bucket } from '../bucket/bucket.ts';
import { logObjectOf, outputObjectOf } from '../bucket/objects.ts';
import { createLook } from '../cluster/look.ts';
import { isFinal } from '../workflows/contract.ts';
import type { Failure, Job, JobOutput } from '../workflows/contract.ts';
import type { JobRef, Observation } from '../workflows/observation.ts';
import { attemptRefOf, containersOf } from '../workflows/state.ts';
import { unreadableFailure } from '../workflows/unreadable.ts';
import type { ActivityDeps } from './deps.ts';
import { fateOf } from './fate.ts';
import type { Abandoned } from './fate.ts';
import { outputOf } from './output.ts';

/** What is known of a job whose workflow was ended by force, or is forgotten. */
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

/** All that is known of a job that Temporal does not know. */
const FORGOTTEN: Partial<Abandoned> & Pick<Abandoned, 'cause'> = {
  cause: 'Temporal has forgotten the workflow of the job, and no end of it was recorded',
};

type ExamineDeps = Pick<ActivityDeps, 'workflows' | 'bucket' | 'store' | 'cluster'>;

/** Gathers what the end of such a job is made of; undefined when it goes on after all, or has got its end since. */
export function createExamine(deps: ExamineDeps) {
  const look = createLook(deps.cluster);
  return async function examine(ref: JobRef): Promise<Examined | undefined> {
    const fate = await fateOf(deps, ref);
    if (fate.kind === 'open' || fate.kind === 'ended') return undefined;
    const { cause, inputObject, job: told } = fate.kind === 'abandoned' ? fate : FORGOTTEN;
    const job = newerOf(told, await deps.store.find(ref.id));
    if (job === undefined || isFinal(job.status)) return undefined;
    const attempt = attemptRefOf(job);
    const [task, cleanup] = await Promise.all([look(attempt, 'task'), look(attempt, 'cleanup')]);
    const found = await findInBucket(deps.bucket, job, cleanup);
    return {
      ...{ job: { ...job, ...found }, cause, seen: [task, cleanup] },
      ...(inputObject !== undefined && { inputObject }),
    };
  };
}

function newerOf(told: Job | undefined, mirrored: Job | undefined): Job | undefined {
  if (told === undefined || mirrored === undefined) return told ?? mirrored;
  return mirrored.revision > told.revision ? mirrored : told;
}

/** What the bucket has of the job, told of or not. */
async function findInBucket(bucket: Pick<Bucket, 'stat'>, job: Job, cleanup: Observation): Promise<Partial<Job>> {
  const [output, logObjects] = await Promise.all([publishedOutput(bucket, job, cleanup), keptLogs(bucket, job)]);
  const failure = output && unreadableIn(job, cleanup);
  return { ...(output && { output }), ...(failure && { failure }), ...(logObjects && { logObjects }) };
}

/** A log may have been kept just before the workflow would have learnt of it, or by an end like this one that came to nothing. */
async function keptLogs(bucket: Pick<Bucket, 'stat'>, { name, hasInput, logObjects }: Job) {
  const containers = [...containersOf('task', hasInput), ...containersOf('cleanup', hasInput)];
  const stored = await Promise.all(containers.map((container) => bucket.stat(logObjectOf(name, container))));
  const found = containers.flatMap((container, at) => (stored[at] ? [[container, stored[at].object] as const] : []));
  return found.length > 0 ? { ...logObjects, ...Object.fromEntries(found) } : logObjects;
}

/** An output that lacks what may not be read is that of a failed job. */
function unreadableIn({ failure }: Job, { report }: Observation): Failure | undefined {
  if (failure || !report?.ok || report.unreadable === undefined) return undefined;
  return unreadableFailure(report.unreadable);
}

/** The output may have got its name just before the workflow would have learnt of it: the upload tells what it was. */
async function publishedOutput(
  bucket: Pick<Bucket, 'stat'>,
  { name, output, failure }: Job,
  { report }: Observation,
): Promise<JobOutput | undefined> {
  if (output || !report?.ok) return output;
  const { sizeBytes, crc32c } = report;
  const stored = await bucket.stat(outputObjectOf(name));
  const isOurs = stored?.sizeBytes === sizeBytes && stored.crc32c === crc32c;
  return isOurs ? outputOf(stored, report, failure === undefined) : undefined;
}
