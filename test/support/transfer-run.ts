import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundleTransfer } from '../../deploy/images/transfer/bundle.ts';
import { TRANSFER_NODE_FLAGS } from '../../deploy/images/transfer/image.ts';
import { createBucket } from '../../bucket/bucket.ts';
import type { BucketOptions } from '../../bucket/bucket.ts';
import { parseTransferReport } from '../../transfer/report.ts';
import type { TransferReport } from '../../transfer/report.ts';
import type { StoredObject } from '../../workflows/contract.ts';
import { required } from './environment.ts';
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
  /** How it reaches the bucket: by default with the credential that the options name. */
  readonly credentials?: 'secret' | 'signed-urls';
  /** True for an upload that leaves out what it may not read. */
  readonly skipsUnreadable?: boolean;
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
  const skips = call.skipsUnreadable === true ? { TRANSFER_UNREADABLE: 'skip' } : {};
  return runTransfer('upload', call, { TRANSFER_OBJECT: object, ...skips });
}

/** What the pod is told of the way to the bucket. */
async function bucketEnvironment(
  { options, credentials }: TransferCall,
  direction: 'download' | 'upload',
  object: string,
): Promise<Record<string, string | undefined>> {
  if (credentials !== 'signed-urls') {
    const { bucketName, apiEndpoint, credentialsFilePath } = options;
    return {
      GC_BUCKET_NAME: bucketName,
      GC_API_ENDPOINT: apiEndpoint,
      GC_CREDENTIALS_FILE_PATH: credentialsFilePath,
    };
  }
  const bucket = createBucket({ credentialsFilePath: required('GC_CREDENTIALS_FILE_PATH'), ...options });
  const expiry = { expiresMs: 600_000 };
  const url = direction === 'download' ? bucket.signedUrl(object, expiry) : bucket.signedUploadUrl(object, expiry);
  return { TRANSFER_URL: await url };
}

async function runTransfer(
  direction: 'download' | 'upload',
  call: TransferCall,
  environment: Readonly<Record<string, string>> & { readonly TRANSFER_OBJECT: string },
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
        ...(await bucketEnvironment(call, direction, environment.TRANSFER_OBJECT)),
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
