/** What can go wrong with the mirror, named once. */
import {
  MongoDriverError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';

const DUPLICATE_KEY_CODE = 11000;
const NAMESPACE_EXISTS_CODE = 48;

/** Another job of this name is already mirrored. */
export class NameTakenError extends Error {
  override readonly name = 'NameTakenError';

  constructor(jobName: string, options?: ErrorOptions) {
    super(`another job is called ${jobName}`, options);
  }
}

/** The driver did not come back from a call. */
export class StoreSilentError extends Error {
  override readonly name = 'StoreSilentError';

  constructor(limitMs: number) {
    super(`no answer of MongoDB within ${limitMs} ms`);
  }
}

/** True when MongoDB could not be reached, or did not answer, in time; the same call may succeed later. */
export function isStoreUnavailable(error: unknown): boolean {
  return (
    error instanceof StoreSilentError ||
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    // The driver does not export this class.
    (error instanceof MongoDriverError && error.name === 'MongoWaitQueueTimeoutError')
  );
}

/** True when a unique index refused a write. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY_CODE;
}

/** True when a collection of that name is there already. */
export function isNamespaceExists(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === NAMESPACE_EXISTS_CODE;
}
