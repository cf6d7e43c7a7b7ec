/** Everything the bucket may answer that a caller wants to tell apart. Other errors come through as they are. */

/** Base of the bucket's named errors. */
abstract class BucketError extends Error {
  /** Name of the object that the error is about. */
  readonly object: string;

  constructor(object: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.object = object;
  }
}

/** A write found an object of that name. What it holds is not said: see `stat`. */
export class ObjectExistsError extends BucketError {
  override readonly name = 'ObjectExistsError';

  constructor(object: string, options?: ErrorOptions) {
    super(object, `object ${object} exists already`, options);
  }
}

/** The bucket said for certain that there is no such object. */
export class ObjectMissingError extends BucketError {
  override readonly name = 'ObjectMissingError';

  constructor(object: string, options?: ErrorOptions) {
    super(object, `object ${object} does not exist`, options);
  }
}

/** An object is larger than it may be. */
export class ObjectTooLargeError extends BucketError {
  override readonly name = 'ObjectTooLargeError';

  constructor(object: string, sizeBytes: number, maxBytes: number, options?: ErrorOptions) {
    super(object, `object ${object} has ${sizeBytes} bytes, more than ${maxBytes}`, options);
  }
}

/** The server has forgotten an upload under way, as it may after a week or when it is restarted. Another one may be begun. */
export class UploadLostError extends BucketError {
  override readonly name = 'UploadLostError';

  constructor(object: string, options?: ErrorOptions) {
    super(object, `the upload of ${object} is lost`, options);
  }
}

/** Size and checksum of a content. */
export interface Content {
  readonly sizeBytes: number;
  readonly crc32c: string;
}

/** An object holds another content than it should. */
export class ObjectMismatchError extends BucketError {
  override readonly name = 'ObjectMismatchError';
  readonly expected: Content;
  readonly actual: Content;

  constructor(object: string, expected: Content, actual: Content, options?: ErrorOptions) {
    super(object, `object ${object} should hold ${describe(expected)} but holds ${describe(actual)}`, options);
    this.expected = expected;
    this.actual = actual;
  }
}

function describe(content: Content): string {
  return `${content.sizeBytes} bytes with crc32c ${content.crc32c}`;
}

/** An object that should be the record of a job is none, or that of another job. */
export class BadRecordError extends BucketError {
  override readonly name = 'BadRecordError';

  constructor(object: string, options?: ErrorOptions) {
    super(object, `object ${object} holds no record of its job`, options);
  }
}

/** The service account key cannot be read, or is none. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';

  constructor(path: string, options?: ErrorOptions) {
    super(`the credentials file ${path} cannot be read as JSON`, options);
  }
}

/** True when `error` says that the service account key is of no use. */
export function isBadCredentials(error: unknown): error is CredentialsError {
  return error instanceof CredentialsError;
}

/** True when `error` says that a write found an object of that name. */
export function isObjectExists(error: unknown): error is ObjectExistsError {
  return error instanceof ObjectExistsError;
}

/** True when `error` says that an upload has to be begun anew. */
export function isUploadLost(error: unknown): error is UploadLostError {
  return error instanceof UploadLostError;
}

/** True when `error` says that the object does not exist. */
export function isObjectMissing(error: unknown): error is ObjectMissingError {
  return error instanceof ObjectMissingError;
}

/** True when `error` says that an object is larger than it may be. */
export function isObjectTooLarge(error: unknown): error is ObjectTooLargeError {
  return error instanceof ObjectTooLargeError;
}

/** True when `error` says that an object holds another content than it should. */
export function isObjectMismatch(error: unknown): error is ObjectMismatchError {
  return error instanceof ObjectMismatchError;
}

/** True when `error` says that an object holds no record of its job. */
export function isBadRecord(error: unknown): error is BadRecordError {
  return error instanceof BadRecordError;
}
