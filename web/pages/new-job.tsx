import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JobClient } from '../../client/client.ts';
import { faultsIn, isApiRefusal, isMissing } from '../../client/errors.ts';
import type { FieldFault } from '../../client/errors.ts';
import type { Job } from '../../client/types.ts';
import { Refused } from '../parts/away.tsx';
import { DropZone } from '../parts/drop-zone.tsx';
import type { Picked } from '../parts/drop-zone.tsx';
import { Field } from '../parts/field.tsx';
import { filesText, size } from '../state/format.ts';
import { hiddenIn, requestOf, valuesOf } from '../state/job-form.ts';
import type { FormValues } from '../state/job-form.ts';
import { jobHref } from '../state/route.ts';
import { useSession } from '../state/session.ts';
import { sendJob } from '../state/upload.ts';

/** Sends a job, as it is filled in, or as another one was with changes. */
export function NewJobPage({ from }: { from: string | undefined }): JSX.Element {
  const { client } = useSession();
  const [before, setBefore] = useState<Before>();
  const [problem, setProblem] = useState<Error>();
  useEffect(() => {
    if (from !== undefined) readBefore(client, from).then(setBefore, setProblem);
  }, [client, from]);
  if (problem) return <Refused error={problem} />;
  if (from === undefined) return <JobForm title="New job" values={valuesOf(undefined)} />;
  if (before === undefined) return <p aria-busy="true">Loading …</p>;
  const { job, input } = before;
  const hidden = hiddenIn(job);
  return (
    <JobForm title={`${job.name}, again`} values={valuesOf(job)} input={input}>
      {hidden.length > 0 && <p>What is sensitive has to be given again: {hidden.join(', ')}.</p>}
    </JobForm>
  );
}

interface Before {
  readonly job: Job;
  /** Its input; absent when it had none, or that is gone. */
  readonly input?: Picked;
}

async function readBefore(client: JobClient, id: string): Promise<Before> {
  const job = await client.get(id);
  const zip = await client.files(id, 'input').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return zip === undefined
    ? { job }
    : { job, input: { from: job.id, description: `${filesText(zip.total)} of ${job.name}` } };
}

interface JobFormProps {
  readonly title: string;
  readonly values: FormValues;
  readonly input?: Picked | undefined;
  readonly children?: ComponentChildren;
}

function JobForm({ title, values: initial, input, children }: JobFormProps): JSX.Element {
  const session = useSession();
  const [values, setValues] = useState(initial);
  const [picked, setPicked] = useState(input);
  const [sentBytes, setSentBytes] = useState<number>();
  const [problem, setProblem] = useState<{ message: string; faults: readonly FieldFault[] }>();
  const isSending = sentBytes !== undefined;
  const files = picked !== undefined && 'zip' in picked ? picked : undefined;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setProblem(undefined);
    try {
      const request = requestOf(values, picked !== undefined && 'from' in picked ? picked.from : undefined);
      setSentBytes(0);
      const job = await sendJob(session, request, await files?.zip(), setSentBytes);
      location.hash = jobHref(job.id);
    } catch (error) {
      setProblem({ message: (error as Error).message, faults: isApiRefusal(error) ? faultsIn(error.data) : [] });
    } finally {
      setSentBytes(undefined);
    }
  };
  const field = (name: keyof FormValues) => ({
    name,
    value: values[name],
    onInput: (value: string) => setValues({ ...values, [name]: value }),
    fault: problem?.faults.find(({ field: path }) => path.endsWith(FIELDS[name]))?.fault,
  });
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h1>{title}</h1>
      {children}
      <div class="grid">
        <Field {...field('image')} label="Image" required placeholder="python:3.12" />
        <Field {...field('name')} label="Name" placeholder="made up when it is empty" />
      </div>
      <Field
        {...field('command')}
        label="Command"
        help="As a shell would take it: sh -c 'wc -w /input/*'. Empty: that of the image."
      />
      <DropZone picked={picked} onPick={setPicked} />
      <div class="grid">
        <Field {...field('cpu')} label="Most CPU" placeholder="500m" />
        <Field {...field('memory')} label="Most memory" placeholder="1Gi" />
        <Field {...field('timeout')} label="Most seconds" placeholder="3600" inputMode="numeric" />
      </div>
      <Field {...field('environment')} label="Environment" rows={3} help="NAME=VALUE, one a line." />
      <Field {...field('more')} label="More parameters" rows={3} help="JSON, as job_parameters of the API." />
      {problem && <Problem {...problem} />}
      {isSending && files && <Sent sentBytes={sentBytes} sizeBytes={files.sizeBytes} />}
      <button type="submit" aria-busy={isSending} disabled={isSending}>
        {isSending ? 'Sending …' : 'Send the job'}
      </button>
    </form>
  );
}

function Sent({ sentBytes, sizeBytes }: { sentBytes: number; sizeBytes: number }): JSX.Element {
  return (
    <>
      <progress aria-label="Sent" max={sizeBytes} value={sentBytes} />
      <small>
        {size(sentBytes)} of {size(sizeBytes)}
      </small>
    </>
  );
}

/** What the API calls each field. */
const FIELDS: Readonly<Record<keyof FormValues, string>> = {
  image: 'docker_image',
  name: 'name',
  command: 'command',
  cpu: 'cpu',
  memory: 'memory',
  timeout: 'timeout_seconds',
  environment: 'environment_variables',
  more: 'job_parameters',
};

function Problem({ message, faults }: { message: string; faults: readonly FieldFault[] }): JSX.Element {
  return (
    <div role="alert" class="note refused">
      {message || 'The job was refused.'}
      <ul>
        {faults.map(({ field, fault }) => (
          <li key={field}>
            <code>{field}</code>: {fault}
          </li>
        ))}
      </ul>
    </div>
  );
}
