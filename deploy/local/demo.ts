import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { createClient } from '../../client/client.ts';
import type { JobClient } from '../../client/client.ts';
import type { Job } from '../../client/types.ts';
import { isFinal } from '../../workflows/contract.ts';
import type { StackEnvironment } from './env-file.ts';
import { sampleJob, sampleTexts, sampleZip } from './sample-job.ts';

/** The demo's job did not end as it should. */
class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** What the demo needs of the world. */
export interface DemoDeps {
  /** Variables of a running stack; of them `API_URL`, `TEMPORAL_UI_URL`, `TEMPORAL_NAMESPACE` and `IMAGE_BUSYBOX` count. */
  readonly environment: StackEnvironment;
  /** Folder in which the output zip is kept. */
  readonly outputFolder: string;
  /** Prints a line. */
  readonly say: (line: string) => void;
}

/** Longest time from sending the job to its end: a cluster may have to pull images first. */
const TIME_LIMIT_MS = 10 * 60_000;

/** Longest text that is shown whole. */
const SHOWN_SIZE_BYTES = 2_000;

/**
 * Sends the sample job, shows what becomes of it, and downloads its output.
 * The last line says that it has succeeded; throws {@link DemoError} when it has not.
 */
export async function runDemo({ environment, outputFolder, say }: DemoDeps): Promise<void> {
  const variable = (name: string) => environment[name] ?? '';
  const client = createClient({ url: variable('API_URL') });
  const name = `demo-${Date.now()}`;
  const parameters = sampleJob(variable('IMAGE_BUSYBOX'));
  const zip = await sampleZip();
  say(`\nSending ${(await sampleTexts()).length} texts (${zip.length} bytes of zip) to ${variable('API_URL')}/batch/`);

  const startedAt = performance.now();
  const input = () => Readable.from([zip]);
  const { id } = await client.submit({ name, job_parameters: parameters }, { input });
  say(`Job ${name}, id ${id}, image ${parameters.docker_image}\n`);
  const job = await followToEnd(client, id, startedAt, say);
  const duration = ((performance.now() - startedAt) / 1000).toFixed(1);

  await showLog(client, job, say);
  if (job.status !== 'succeeded') throw failureOf(job);
  const file = await download(client, job, outputFolder);
  await showZip(file.path, file.content, say);
  say(`\nPage:    ${variable('API_URL')}/#/jobs/${job.id}`);
  say(`Web UI:  ${workflowPage(variable('TEMPORAL_UI_URL'), variable('TEMPORAL_NAMESPACE'), job.workflow_id)}`);
  say('The stack stays up; `make down` stops it. `npx --no -- ktr run --help` says how to run a job of your own.\n');
  say(`demo: ${name} succeeded in ${duration} s, output ${file.path}`);
}

/** Address of a workflow's page in Temporal's Web UI. */
export function workflowPage(uiUrl: string, namespace: string, workflowId: string): string {
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}

async function followToEnd(
  client: JobClient,
  id: string,
  startedAt: number,
  say: (line: string) => void,
): Promise<Job> {
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  let last: Job | undefined;
  try {
    for await (const job of client.watch(id, { signal: limit })) {
      const state = stateOf(job);
      const elapsed = ((performance.now() - startedAt) / 1000).toFixed(2);
      if (last === undefined || state !== stateOf(last)) say(`${elapsed.padStart(7)} s  ${state}`);
      last = job;
    }
  } catch (error) {
    if (!limit.aborted) throw error;
  }
  if (last === undefined || !isFinal(last.status)) {
    const state = last === undefined ? 'unknown' : `${last.status}, ${last.phase}`;
    throw new DemoError(`job ${id} has not ended in ${TIME_LIMIT_MS / 60_000} minutes; its state is ${state}`);
  }
  return last;
}

function stateOf({ status, phase }: Job): string {
  return `${status.padEnd(10)} ${phase}`;
}

async function showLog(client: JobClient, job: Job, say: (line: string) => void): Promise<void> {
  const log = await text(client.log(job.id)).catch((error: unknown) => {
    // A failed job may have no log; a succeeded one has it.
    if (job.status === 'succeeded') throw error;
    return '(there is none)';
  });
  say('\nLog of the container:');
  say(indented(log.trim() === '' ? '(nothing)' : log));
}

async function download(client: JobClient, job: Job, folder: string): Promise<{ path: string; content: Buffer }> {
  if (job.output === undefined) throw new DemoError(`job ${job.name} has succeeded without an output`);
  const content = await buffer(client.output(job.id));
  const path = join(folder, `${job.name}-output.zip`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, content);
  return { path, content };
}

async function showZip(path: string, content: Buffer, say: (line: string) => void): Promise<void> {
  say(`\nOutput ${path}, ${content.length} bytes:`);
  const zip = await fromBufferPromise(content);
  let files = 0;
  for await (const entry of zip.eachEntry()) {
    const isFile = !entry.fileName.endsWith('/');
    say(`  ${entry.fileName}${isFile ? `, ${entry.uncompressedSize} bytes` : ''}`);
    if (!isFile) continue;
    files += 1;
    if (entry.uncompressedSize <= SHOWN_SIZE_BYTES) say(indented(await text(await zip.openReadStreamPromise(entry))));
  }
  if (files === 0) throw new DemoError(`the output ${path} has no file in it`);
}

function failureOf({ name, status, failure }: Job): DemoError {
  const cause = failure === undefined ? '' : `: ${failure.reason}, ${failure.message}`;
  const hint = failure?.hint === undefined ? '' : ` (${failure.hint})`;
  return new DemoError(`demo: ${name} ${status}${cause}${hint}`);
}

function indented(written: string): string {
  return written.trimEnd().replaceAll(/^/gm, '    ');
}
