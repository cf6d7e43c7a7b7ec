/**
 * Which job has a name. The mirror finds a job by its id alone as fast among many as among few: FerretDB 1.24 reads every row for each other
 * question. A name is taken before its job is written, so that no job whose name somebody chose is there without it.
 */
import type { Collection } from 'mongodb';
import type { Job } from '../workflows/contract.ts';
import type { On } from './connection.ts';
import { isDuplicateKey, NameTakenError } from './errors.ts';

/** One document of the `names` collection. */
export interface NameDocument {
  readonly _id: string;
  readonly jobId: string;
}

/** The names of jobs. Each call rejects within seconds when MongoDB is away. */
export interface Names {
  /** Id of the job that has the name, and may not be mirrored yet; undefined when none has. */
  find(name: string): Promise<string | undefined>;
  /**
   * Gives the name to a job that is about to be mirrored.
   * @throws NameTakenError when another job has it, which `isMirrored`
   */
  take(name: string, jobId: string, isMirrored: (jobId: string) => Promise<boolean>): Promise<void>;
}

/** `python-1527121792553`, and the same of an owner. */
const DERIVED_NAME = /-(\d{13})(?:\.|$)/;

/**
 * True for the name that a job got because nobody chose one: it ends with the time of its creation. Such a name has no document. It is asked for
 * seldom, is free whenever it is made, and the index of the rows keeps it from being there twice.
 */
export function isDerived({ name, created }: Pick<Job, 'name' | 'created'>): boolean {
  return DERIVED_NAME.exec(name)?.[1] === `${created}`;
}

/** True for a name that has the form of those: whose it is may stand in the rows alone. */
export function mayBeDerived(name: string): boolean {
  return DERIVED_NAME.test(name);
}

/** Each lost race means that somebody else has got the name: so many in a row are a defect. */
const MAX_RACES = 8;

/** @param on runs a deed on the collection when MongoDB answers */
export function createNames(on: On<NameDocument>): Names {
  const find = async (_id: string) => (await on((names) => names.findOne({ _id })))?.jobId;
  return {
    find,
    async take(name, jobId, isMirrored) {
      for (let race = 0; race < MAX_RACES; race++) {
        if (await on((names) => insert(names, { _id: name, jobId }))) return;
        const holder = await find(name);
        if (holder === jobId) return;
        if (holder === undefined) continue;
        if (await isMirrored(holder)) throw new NameTakenError(name);
        // Whoever took it was never written, and may have died.
        if (await on((names) => pass(names, { _id: name, jobId: holder }, jobId))) return;
      }
      throw new Error(`the name ${name} could not be taken: it changed hands ${MAX_RACES} times in a row`);
    },
  };
}

async function insert(names: Collection<NameDocument>, document: NameDocument): Promise<boolean> {
  try {
    await names.insertOne(document);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

async function pass(names: Collection<NameDocument>, from: NameDocument, jobId: string): Promise<boolean> {
  return (await names.updateOne({ ...from }, { $set: { jobId } })).matchedCount === 1;
}
