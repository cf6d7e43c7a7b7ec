import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { contentOf } from './content.ts';
import { createSignedBucket } from '../../bucket/signed.ts';
import { download } from '../../transfer/download.ts';
import { isTransferError } from '../../transfer/errors.ts';
import { createProgress } from '../../transfer/progress.ts';
import type { Limits } from '../../transfer/quota.ts';
import { answerOf, createObjectServer } from './object-server.ts';
import type { AnswerBody, ObjectServer } from './object-server.ts';
import { createTestFolder } from './trees.ts';

/** Inputs of a test are small, and come as large ones do; the end of a zip is looked for in 65,577 bytes. */
export const TAIL_BYTES = 66_000;

/** An input that is on its way from a server to a folder, until the test ends. */
export interface ArrivingInput {
  readonly folder: string;
  readonly server: ObjectServer;
  /** What was said. */
  readonly lines: readonly string[];
  /** How it ends: the number of files, or reason and message of a failure. */
  readonly outcome: Promise<number | readonly [reason: string, message: string]>;
  /** What the scratch folder holds of it. */
  readonly inScratch: () => Buffer;
  readonly stop: () => void;
}

/** How an input comes; what is not said is as it should be. */
export interface Arriving {
  readonly answer?: AnswerBody;
  readonly limits?: Limits;
  /** What is no larger comes whole before it is unpacked. Default: nothing. */
  readonly wholeBytes?: number;
}

/** Begins to download `zip`, which is what is expected. */
export async function downloadOf(context: TestContext, zip: Buffer, arriving: Arriving = {}): Promise<ArrivingInput> {
  const { answer = answerOf(zip), limits = {}, wholeBytes = 0 } = arriving;
  const place = createTestFolder();
  context.after(() => place[Symbol.dispose]());
  const [folder, scratch] = [join(place.path, 'input'), join(place.path, 'scratch')];
  [folder, scratch].forEach((path) => mkdirSync(path));
  const server = await createObjectServer(context, answer);
  const bucket = createSignedBucket({ url: server.url, patienceMs: 5000 });
  const controller = new AbortController();
  const lines: string[] = [];
  const deps = { bucket, progress: createProgress((line) => lines.push(line)), signal: controller.signal };
  const settings = {
    bucket: { url: server.url },
    object: 'a.zip',
    folder,
    scratch,
    expected: contentOf(zip),
    ...limits,
  };
  const downloading = download(settings, deps, { wholeBytes, tailBytes: TAIL_BYTES });
  const outcome = downloading.then(({ files }) => files, reasonAndMessage);
  const inScratch = () => readFileSync(join(scratch, 'input.zip'));
  return { folder, server, lines, outcome, inScratch, stop: () => controller.abort(new Error('stopped')) };
}

function reasonAndMessage(error: unknown): readonly [string, string] {
  if (isTransferError(error)) return [error.reason, error.message];
  throw error;
}
