import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { isFinal } from '../../workflows/contract.ts';
import type { Job } from '../../client/types.ts';
import { Away, Refused } from '../parts/away.tsx';
import { Files } from '../parts/files.tsx';
import { Kill } from '../parts/kill.tsx';
import { Log } from '../parts/log.tsx';
import { Parameters } from '../parts/parameters.tsx';
import { Status } from '../parts/status.tsx';
import { TimeLine } from '../parts/time-line.tsx';
import { moment } from '../state/format.ts';
import { useLive } from '../state/live.ts';
import { useSession } from '../state/session.ts';

/** One job, as it changes. */
export function JobPage({ id }: { id: string }): JSX.Element {
  const { client } = useSession();
  const { value: job, trouble, refusal } = useLive((options) => client.watch(id, options), [client, id]);
  if (job === undefined) return refusal ? <Refused error={refusal} /> : <p aria-busy="true">Loading …</p>;
  return (
    <>
      {trouble && <Away message={trouble} />}
      {refusal && <Refused error={refusal} />}
      <Title job={job} />
      <Why job={job} />
      <TimeLine job={job} />
      <Log job={job} />
      <section aria-label="Files" class="grid">
        {job.output && <Files job={job} side="output" />}
        <Files job={job} side="input" />
      </section>
      <Parameters job={job} />
    </>
  );
}

function Title({ job }: { job: Job }): JSX.Element {
  const { config } = useSession();
  const workflow = config.workflow_url?.replace('{id}', encodeURIComponent(job.workflow_id));
  return (
    <header class="job-title">
      <hgroup>
        <h1>{job.name}</h1>
        <p>
          <Status job={job} /> · {job.job_parameters.docker_image} · {moment(job.created)}
          {job.owner && <> · of {job.owner}</>} · <code>{job.id}</code>
        </p>
      </hgroup>
      <div class="actions">
        {!isFinal(job.status) && <Kill job={job} />}
        <a role="button" class="secondary" href={`#/new?from=${encodeURIComponent(job.id)}`}>
          Run again
        </a>
        {workflow && (
          <a role="button" class="secondary outline" href={workflow} target="_blank" rel="noreferrer">
            Workflow
          </a>
        )}
      </div>
    </header>
  );
}

const EXPLAIN_EVERY_MS = 5_000;

/** Why a job waits, or why it failed, and what helps. */
function Why({ job }: { job: Job }): JSX.Element | null {
  const waitsFor = useExplanation(job);
  const { failure, attempts = [] } = job;
  if (failure) {
    return (
      <section class="note refused" aria-label="Failure">
        <strong>{failure.reason}</strong> while {failure.phase}: {failure.message}
        {failure.hint && <p>{failure.hint}</p>}
        {failure.retryable && <p>The same job may well succeed when it is sent again.</p>}
      </section>
    );
  }
  const last = attempts.at(-1);
  if (waitsFor === undefined && last === undefined) return null;
  return (
    <div class="note away" role="status">
      {waitsFor && <p>{waitsFor}</p>}
      {last && (
        <p>
          Attempt {attempts.length + 1}: the one before failed with {last.failure.reason}, {last.failure.message}
        </p>
      )}
    </div>
  );
}

/** The cluster's own words, asked for while a job waits. */
function useExplanation({ id, phase, status }: Job): string | undefined {
  const { client } = useSession();
  const [explanation, setExplanation] = useState<string>();
  useEffect(() => {
    setExplanation(undefined);
    if (isFinal(status) || phase === 'running') return undefined;
    const look = () =>
      void client.get(id, { maxTries: 1 }).then(
        ({ explain }) => setExplanation(explain),
        () => undefined,
      );
    look();
    const timer = setInterval(look, EXPLAIN_EVERY_MS);
    return () => clearInterval(timer);
  }, [client, id, phase, status]);
  return explanation;
}
