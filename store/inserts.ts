/**
 * Inserts of one moment go in one command: a command costs the server and this process more than a document in it does. None waits for the
 * answer to an earlier command.
 */
import { setImmediate } from 'node:timers/promises';
import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import type { Collection, Document, OptionalUnlessRequiredId } from 'mongodb';
import type { On } from './connection.ts';

/**
 * Inserts a document.
 * @throws MongoServerError when the server has refused this one; the error of its command when all of them may have failed
 */
export type Inserts<D extends Document> = (document: OptionalUnlessRequiredId<D>) => Promise<void>;

/** Why documents were refused, by their places in the command. */
type Refusals = ReadonlyMap<number, MongoServerError>;

/** What goes in one command, and what comes of it. */
interface Command<D extends Document> {
  readonly documents: OptionalUnlessRequiredId<D>[];
  readonly refusals: Promise<Refusals>;
}

/** @param on runs a deed on the collection when MongoDB answers */
export function createInserts<D extends Document>(on: On<D>): Inserts<D> {
  let next: Command<D> | undefined;
  async function send(documents: Command<D>['documents']): Promise<Refusals> {
    await setImmediate();
    next = undefined;
    return await on((collection) => insertAll(collection, documents));
  }
  function begin(): Command<D> {
    const documents: Command<D>['documents'] = [];
    return { documents, refusals: send(documents) };
  }
  return async (document) => {
    const { documents, refusals } = (next ??= begin());
    const at = documents.push(document) - 1;
    const refusal = (await refusals).get(at);
    if (refusal !== undefined) throw refusal;
  };
}

async function insertAll<D extends Document>(
  collection: Collection<D>,
  documents: Command<D>['documents'],
): Promise<Refusals> {
  const [first] = documents;
  try {
    // Of one document the driver makes less ado.
    if (documents.length === 1 && first !== undefined) await collection.insertOne(first);
    else await collection.insertMany(documents, { ordered: false });
    return new Map();
  } catch (error) {
    return refusalsIn(error);
  }
}

/** @throws what befell the command when it does not say which documents were refused */
function refusalsIn(error: unknown): Refusals {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const refusals = [error.writeErrors].flat();
  if (refusals.length === 0) throw causeOf(error);
  return new Map(refusals.map(({ index, code, errmsg = '' }) => [index, new MongoServerError({ code, errmsg })]));
}

/** The driver wraps what befalls its connection when a command has several documents. */
function causeOf(error: MongoBulkWriteError): Error {
  const { errorResponse }: { errorResponse: unknown } = error;
  return errorResponse instanceof Error ? errorResponse : error;
}
