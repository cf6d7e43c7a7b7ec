/** Jobs as people read them. */
import prettyBytes from 'pretty-bytes';
import prettyMs from 'pretty-ms';
import type { Job } from '../../client/types.ts';
import type { Column } from './table.ts';

const STATE: readonly Column<Job>[] = [
  ['NAME', ({ name }) => name],
  ['STATUS', ({ status }) => status],
  ['PHASE', ({ phase }) => phase],
];

const RESULT: readonly Column<Job>[] = [
  ['EXIT', ({ exit_code: exitCode }) => exitCode?.toString() ?? ''],
  ['REASON', ({ failure }) => failure?.reason ?? ''],
];

/** What a list shows of each job; a wide one shows more. */
export function jobColumns(nowMs: number, isWide: boolean): readonly Column<Job>[] {
  const age = ({ created }: Job): string => shortly(nowMs - created);
  const took = (job: Job): string => tookOf(job, nowMs);
  return [...STATE, ['AGE', age], ['TOOK', took], ...RESULT, ...(isWide ? WIDE : [])];
}

const WIDE: readonly Column<Job>[] = [
  ['ID', ({ id }) => id],
  ['OWNER', ({ owner }) => owner ?? ''],
  ['IMAGE', ({ job_parameters: { docker_image: image } }) => image],
];

/** All that a person wants to know of one job. */
export function describeJob(job: Job, nowMs: number): string {
  const { failure, output, job_parameters: parameters } = job;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Name', job.name],
    ['Id', job.id],
    ['Status', job.phase === 'ended' ? job.status : `${job.status}, ${job.phase}`],
    ['Waits for', job.explain],
    ['Image', parameters.docker_image],
    ['Command', [...(parameters.command ?? []), ...(parameters.args ?? [])].map(quoted).join(' ') || undefined],
    ['Owner', job.owner],
    ['Created', `${new Date(job.created).toISOString()} (${shortly(nowMs - job.created)} ago)`],
    ['Took', tookOf(job, nowMs) || undefined],
    ['Attempts', job.attempts === undefined ? undefined : String(job.attempts.length + 1)],
    ['Exit code', job.exit_code?.toString()],
    ['Failure', failure && `${failure.reason}: ${failure.message}`],
    ['Advice', failure?.hint],
    ['Output', output && outputOf(output)],
    ['Workflow', job.workflow_id],
  ];
  const shown = lines.filter(([, value]) => value !== undefined);
  return shown.map(([title, value]) => `${`${title}:`.padEnd(12)}${value}\n`).join('');
}

function outputOf({ files, bytes, complete, skipped }: NonNullable<Job['output']>): string {
  const counted = files === 1 ? '1 file' : `${files} files`;
  const lacks = `${complete ? '' : ', incomplete'}${skipped === undefined ? '' : `, ${skipped} left out`}`;
  return `${counted}, ${prettyBytes(bytes)}${lacks}`;
}

function tookOf({ start_time: start, stop_time: stop }: Job, nowMs: number): string {
  return start === undefined ? '' : shortly((stop ?? nowMs) - start);
}

function shortly(durationMs: number): string {
  return prettyMs(Math.max(0, durationMs), { unitCount: 2, secondsDecimalDigits: 0 });
}

/** A word as a shell would need it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
