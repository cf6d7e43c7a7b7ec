/**
 * Which job a client's idempotency key stands for. The server's own index on `_id` decides who comes first: nothing else is
 * needed, so that MongoDB 8 and FerretDB 1.24 do the same.
 */
import type { Collection } from 'mongodb';
import { createQueues } from '../promises.ts';
import type { On } from './connection.ts';
import { isDuplicateKey } from './errors.ts';

/** What was asked for under a key, and the identity of the job that is to come of it. */
export interface Submission {
  /** SHA-256 of the key: the key itself is nobody's business. */
  readonly keyHash: string;
  /** Hash of the request; the same only for the same request. */
  readonly requestHash: string;
  readonly jobId: string;
  /** When the job was asked for first, in epoch milliseconds. */
  readonly created: number;
}

/** The keys that were used. Each call rejects within seconds when MongoDB is away. */
export interface Submissions {
  /** What the key was used for; undefined when it was not. */
  find(keyHash: string): Promise<Submission | undefined>;
  /** Takes the key, unless somebody has it. Answers with the submission that has it now. */
  reserve(submission: Submission): Promise<Submission>;
  /** Lets the key go, if this submission has it: its request was refused. */
  release(submission: Pick<Submission, 'keyHash' | 'jobId'>): Promise<void>;
}

/** One document of the `submissions` collection. */
export type SubmissionDocument = Omit<Submission, 'keyHash'> & { readonly _id: string };

/** A key that is let go between the refused insert and the look is free again; so many times in a row is a defect. */
const MAX_RACES = 8;

/** @param on runs a deed on the collection when MongoDB answers */
export function createSubmissions(on: On<SubmissionDocument>): Submissions {
  // FerretDB 1.24 looks and deletes in two steps. MongoDB does it in one; there this costs nothing.
  const inTurn = createQueues();
  return {
    find: (keyHash) => on((submissions) => find(submissions, keyHash)),
    reserve: (submission) => inTurn(submission.keyHash, () => on((submissions) => reserve(submissions, submission))),
    release: ({ keyHash, jobId }) =>
      inTurn(keyHash, () => on(async (submissions) => void (await submissions.deleteOne({ _id: keyHash, jobId })))),
  };
}

async function reserve(submissions: Collection<SubmissionDocument>, submission: Submission): Promise<Submission> {
  for (let race = 0; race < MAX_RACES; race++) {
    if (await insert(submissions, submission)) return submission;
    const holder = await find(submissions, submission.keyHash);
    if (holder !== undefined) return holder;
  }
  throw new Error(`an idempotency key could not be reserved: it was taken and let go ${MAX_RACES} times in a row`);
}

async function insert(
  submissions: Collection<SubmissionDocument>,
  { keyHash, ...fields }: Submission,
): Promise<boolean> {
  try {
    await submissions.insertOne({ _id: keyHash, ...fields });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

async function find(submissions: Collection<SubmissionDocument>, _id: string): Promise<Submission | undefined> {
  const document = await submissions.findOne({ _id });
  if (document === null) return undefined;
  const { requestHash, jobId, created } = document;
  return { keyHash: _id, requestHash, jobId, created };
}
