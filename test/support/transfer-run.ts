import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundleTransfer } from '../../deploy/images/transfer/bundle.ts';
import { TRANSFER_NODE_FLAGS } from '../../deploy/images/transfer/image.ts';
import type { BucketOptions } from '../../bucket/bucket.ts';
import { parseTransferReport } from '../../transfer/report.ts';
import type { TransferReport } from '../../transfer/report.ts';
import type { StoredObject } from '../../workflows/contract.ts';
import { createTestFolder } from './trees.ts';

let bundled: Promise<string> | undefined;

/** The program as the image holds it, made once for each test file. */
function program(): Promise<string> {
  bundled ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'task-runner-transfer-'));
    process.once('exit', () => rmSync(folder, { recursive: true }));
    chmodSync(folder, 0o755);
    await bundleTransfer(join(folder, 'transfer.js'));
    return join(folder, 'transfer.js');
  })();
  return bundled;
}

/** How a transfer ended. */
export interface TransferRun {
  readonly exitCode: number | null;
  readonly output: string;
  readonly report: TransferReport | undefined;
}

/** What to run, and as whom. */
export interface TransferCall {
  readonly options: BucketOptions;
  readonly folder: string;
  /** Default: a temporary folder. */
  readonly scratch?: string;
  /** User that the program runs as; only root may choose. */
  readonly uid?: number;
  readonly nodeOptions?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Runs `transfer download` as a pod would. */
export async function runDownload(call: TransferCall, input: StoredObject): Promise<TransferRun> {
  return runTransfer('download', call, {
    TRANSFER_OBJECT: input.object,
    TRANSFER_SIZE_BYTES: String(input.sizeBytes),
    TRANSFER_CRC32C: input.crc32c,
  });
}

/** Runs `transfer upload` as a pod would. */
export async function runUpload(call: TransferCall, object: string): Promise<TransferRun> {
  return runTransfer('upload', call, { TRANSFER_OBJECT: object });
}

async function runTransfer(
  direction: 'download' | 'upload',
  call: TransferCall,
  environment: Readonly<Record<string, string>>,
): Promise<TransferRun> {
  using scratch = createTestFolder();
  if (call.uid !== undefined) chownSync(scratch.path, call.uid, call.uid);
  const reportPath = join(scratch.path, 'report');
  const child = spawn(
    process.execPath,
    [...TRANSFER_NODE_FLAGS, ...(call.nodeOptions ?? []), await program(), direction],
    {
      env: {
        ...environment,
        GC_BUCKET_NAME: call.options.bucketName,
        GC_API_ENDPOINT: call.options.apiEndpoint,
        GC_CREDENTIALS_FILE_PATH: call.options.credentialsFilePath,
        TRANSFER_FOLDER: call.folder,
        TRANSFER_SCRATCH: call.scratch ?? scratch.path,
        TRANSFER_REPORT: reportPath,
      },
      ...(call.uid === undefined ? {} : { uid: call.uid }),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  call.signal?.addEventListener('abort', () => child.kill('SIGTERM'));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, output: output + errors, report: parseTransferReport(readIfAny(reportPath)) };
}

function readIfAny(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
