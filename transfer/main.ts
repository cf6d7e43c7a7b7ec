import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { createBucket } from '../bucket/bucket.ts';
import { createSignedBucket } from '../bucket/signed.ts';
import { download } from './download.ts';
import { toTransferError } from './errors.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { formatTransferReport } from './report.ts';
import type { TransferReport } from './report.ts';
import { readSettings, reportPathIn } from './settings.ts';
import type { TransferBucket, TransferSettings } from './settings.ts';
import { upload } from './upload.ts';

/** The program inside the pods: `transfer download` fills a folder from the bucket, `transfer upload` empties one. */

/** Nobody can do the work of the task again as easily: longer than a bucket is away when it is updated or moved. */
const PATIENCE_MS = 600_000;

const USAGE = 'usage: transfer download | upload | --version';

function main(command: string | undefined): void {
  switch (command) {
    case 'download':
    case 'upload':
      void run(command);
      return;
    case '--version':
      process.stdout.write(`node ${process.version}\n`);
      return;
    default:
      process.stderr.write(`${USAGE}\n`);
      process.exitCode = 2;
  }
}

async function run(direction: 'download' | 'upload'): Promise<void> {
  const progress = createProgress((line) => process.stdout.write(`${line}\n`));
  // A library that throws where nobody listens still leaves a report.
  process.once('uncaughtException', (error) => finish(failed(error), progress));
  finish(await transfer(direction, progress).catch(failed), progress);
}

async function transfer(direction: 'download' | 'upload', progress: Progress): Promise<TransferReport> {
  const settings = readSettings(process.env, direction);
  const signal = stopSignal();
  const deps = { bucket: openBucket(settings), progress, signal, patienceMs: PATIENCE_MS };
  try {
    if (direction === 'upload') return await upload(settings, deps);
    collectAtOneGo();
    return await download(settings, deps);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/**
 * What came from the network is garbage as soon as it is written: bit by bit V8 collects that so late that a gigabyte took 30 to 60 MiB
 * more. Not by a flag of the start, by which Node would compile its own modules each time.
 */
function collectAtOneGo(): void {
  setFlagsFromString('--no-incremental-marking');
}

function openBucket({ bucket, instance }: TransferSettings): TransferBucket {
  const patienceMs = PATIENCE_MS;
  if ('url' in bucket)
    return createSignedBucket({ ...bucket, patienceMs, ...(instance !== undefined && { instance }) });
  const mark = instance === undefined ? {} : { instance: () => Promise.resolve(instance) };
  return createBucket({ ...bucket, ...mark, patienceMs });
}

/** Aborts when the pod is told to stop. As the container's first process we would not be stopped otherwise. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => controller.abort(new Error(`stopped by ${name}`)));
  }
  return controller.signal;
}

function failed(error: unknown): TransferReport {
  const { reason, message, unreadableOwnerUid } = toTransferError(error, 'Unknown');
  return { ok: false, reason, message, ...(unreadableOwnerUid === undefined ? {} : { unreadableOwnerUid }) };
}

/** Leaves the report and ends at once: open connections are of no use any more. */
function finish(report: TransferReport, progress: Progress): never {
  if (!report.ok) progress.say(`failed: ${report.reason}: ${report.message}`);
  try {
    writeFileSync(reportPathIn(process.env), formatTransferReport(report, progress.said()));
  } catch (error) {
    progress.say(`the report could not be written: ${String(error)}`);
  }
  process.exit(report.ok ? 0 : 1);
}

main(process.argv[2]);
