/**
 * The mirror of the jobs in MongoDB. It can lag and can be rebuilt; the workflows hold the truth.
 * Only what MongoDB 8 and FerretDB 1.24 both understand is used.
 */
import { BSON } from 'mongodb';
import type { Collection, Db, Document, IndexDescription } from 'mongodb';
import type { Job } from '../workflows/contract.ts';
import { createConnection } from './connection.ts';
import type { On, StoreOptions } from './connection.ts';
import { fromDocument, toDocument } from './document.ts';
import type { JobDocument } from './document.ts';
import { isDuplicateKey, isNamespaceExists, isStoreUnavailable, NameTakenError } from './errors.ts';
import { countJobs } from './counts.ts';
import type { Spans, StatusCounts } from './counts.ts';
import { createApiKeys } from './keys.ts';
import type { ApiKeys } from './keys.ts';
import { createInserts } from './inserts.ts';
import type { Inserts } from './inserts.ts';
import { createNames, isDerived, mayBeDerived } from './names.ts';
import type { NameDocument, Names } from './names.ts';
import { filterOf, NEWEST_FIRST } from './selection.ts';
import type { JobSelection } from './selection.ts';
import { createSubmissions } from './submissions.ts';
import type { Submissions } from './submissions.ts';
import { createQueues, onceSucceeded } from '../promises.ts';

export type { StoreOptions } from './connection.ts';
export type { StatusCounts } from './counts.ts';

/** A job as the mirror has it. */
interface MirroredJob {
  readonly job: Job;
  /** When the mirror last knew this to be true, in epoch milliseconds. */
  readonly recordedMs: number;
}

/** A part of a list. */
export interface JobPage {
  readonly jobs: readonly Job[];
  /** True when there may be jobs after it. */
  readonly isFull: boolean;
}

/** The mirror. Every call rejects within seconds when MongoDB is away; `isStoreUnavailable` tells such errors apart. */
export interface Store {
  /**
   * Writes a job unless the same or a later revision is there already. A replayed or late write is `stale`, and harmless. The same
   * revision is known to be true once more.
   * @throws NameTakenError when another job has this name
   */
  record(job: Job): Promise<'written' | 'stale'>;
  /** The job of this id, or else of this name. */
  find(idOrName: string): Promise<Job | undefined>;
  /** Like `find`, with the age of the answer. */
  findMirrored(idOrName: string): Promise<MirroredJob | undefined>;
  /** The jobs of these ids that exist, in no particular order. */
  findMany(ids: readonly string[]): Promise<Job[]>;
  list(selection: JobSelection): Promise<Job[]>;
  /** The same, but it ends with the job by which it comes to 8 MiB: a job may have some hundred KiB. */
  listPage(selection: JobSelection): Promise<JobPage>;
  /** How many jobs of each status were created in each of some spans of time that follow each other. */
  count(spans: Spans): Promise<StatusCounts[]>;
  /** The idempotency keys that clients have used. */
  readonly submissions: Submissions;
  /** The API keys: they are here alone, and nothing restores them. */
  readonly keys: ApiKeys;
  /** Resolves when MongoDB answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const COLLECTION = 'jobs';
const NAMES_COLLECTION = 'names';
const SUBMISSIONS_COLLECTION = 'submissions';
const KEYS_COLLECTION = 'api_keys';
/** So many documents are found one by one: FerretDB 1.24 reads every row for more than one id. */
const FEW = 100;
/** So many of them at one time. */
const AT_ONE_TIME = 5;
const MAX_PAGE_BYTES = 8 * 1024 ** 2;
/** Writers of one job are few, and each lost race means that another one won: this many in a row is a defect. */
const MAX_WRITE_RACES = 8;

const INDEXES: readonly IndexDescription[] = [
  { name: 'name', key: { 'job.name': 1 }, unique: true },
  { name: 'status_created', key: { 'job.status': 1, ...NEWEST_FIRST } },
  { name: 'owner_created', key: { 'job.owner': 1, ...NEWEST_FIRST } },
  { name: 'labels_created', key: { labelPairs: 1, ...NEWEST_FIRST } },
  { name: 'created', key: NEWEST_FIRST },
];

/**
 * Opens the mirror and makes its indexes. A MongoDB that is away is no reason to fail: the store works as soon as it is
 * back, and the indexes are made before the first write.
 */
export async function createStore(options: StoreOptions): Promise<Store> {
  const connection = createConnection(options);
  const on =
    <D extends Document>(name: string): On<D> =>
    (deed) =>
      connection.use((database) => deed(database.collection<D>(name)));
  const onJobs = on<JobDocument>(COLLECTION);
  const names = createNames(on<NameDocument>(NAMES_COLLECTION));
  const indexed = onceSucceeded(() => Promise.all([onJobs(createIndexes), connection.use(createNamesCollection)]));
  // FerretDB 1.24 does not replace atomically. MongoDB does; there this only spares lost races.
  const inTurn = createQueues();
  const insertRow = createInserts(onJobs);
  await indexed().catch(unlessUnavailable);
  return {
    record: (job) =>
      inTurn(job.id, async () => (await indexed(), await onJobs((jobs) => record({ jobs, names, insertRow }, job)))),
    find: async (idOrName) => (await onJobs((jobs) => findMirrored(jobs, names, idOrName)))?.job,
    findMirrored: (idOrName) => onJobs((jobs) => findMirrored(jobs, names, idOrName)),
    findMany: (ids) => onJobs((jobs) => findMany(jobs, ids)),
    list: (selection) => onJobs((jobs) => list(jobs, selection)),
    listPage: (selection) => onJobs((jobs) => listPage(jobs, selection)),
    count: (spans) => onJobs((jobs) => countJobs(jobs, spans)),
    submissions: createSubmissions(on(SUBMISSIONS_COLLECTION)),
    keys: createApiKeys(on(KEYS_COLLECTION)),
    ping: () => connection.use(async (database) => void (await database.command({ ping: 1 }))),
    close: () => connection.close(),
  };
}

/** What a write goes to. */
interface Rows {
  readonly jobs: Collection<JobDocument>;
  readonly names: Names;
  readonly insertRow: Inserts<JobDocument>;
}

async function record({ jobs, names, insertRow }: Rows, job: Job): Promise<'written' | 'stale'> {
  const isMirrored = async (_id: string) => (await jobs.findOne({ _id })) !== null;
  const takeName = async () => {
    if (!isDerived(job)) await names.take(job.name, job.id, isMirrored);
  };
  for (let race = 0; race < MAX_WRITE_RACES; race++) {
    try {
      // A new job is only inserted at first, as that is cheaper.
      return job.revision === 0 && race === 0
        ? await insert(insertRow, takeName, job)
        : await keepGreater(jobs, takeName, job);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Two writes of one job may have met; else it is the name.
      if ((await jobs.findOne({ _id: job.id })) === null) throw new NameTakenError(job.name);
    }
  }
  throw new Error(`job ${job.id} could not be mirrored: ${MAX_WRITE_RACES} writes in a row met another`);
}

async function insert(insertRow: Inserts<JobDocument>, takeName: () => Promise<void>, job: Job): Promise<'written'> {
  await takeName();
  await insertRow(toDocument(job, Date.now()));
  return 'written';
}

/**
 * A row that is there is changed in one step on the server, by the id alone: nothing can come in between, and FerretDB 1.24 uses an index for no
 * other condition.
 */
async function keepGreater(
  jobs: Collection<JobDocument>,
  takeName: () => Promise<void>,
  job: Job,
): Promise<'written' | 'stale'> {
  const { _id, job: state, labelPairs } = toDocument(job, Date.now());
  const change = { $max: { job: state }, ...(labelPairs && { $setOnInsert: { labelPairs } }) };
  const update = (upsert: boolean) => jobs.findOneAndUpdate({ _id }, change, { upsert, returnDocument: 'before' });
  const before = (await update(false)) ?? (await takeName().then(() => update(true)));
  return before === null || before.job.revision < job.revision ? 'written' : 'stale';
}

async function findMirrored(
  jobs: Collection<JobDocument>,
  names: Names,
  idOrName: string,
): Promise<MirroredJob | undefined> {
  const document = (await jobs.findOne({ _id: idOrName })) ?? (await findNamed(jobs, names, idOrName));
  return document === null ? undefined : { job: fromDocument(document), recordedMs: document.job.recordedMs };
}

/** Whoever took a name last may have been refused, as another job has it: then every row may have to be read. */
async function findNamed(jobs: Collection<JobDocument>, names: Names, name: string): Promise<JobDocument | null> {
  const byName = () => jobs.findOne({ 'job.name': name });
  const _id = await names.find(name);
  if (_id === undefined) return mayBeDerived(name) ? await byName() : null;
  const document = await jobs.findOne({ _id });
  return document?.job.name === name ? document : await byName();
}

async function findMany(jobs: Collection<JobDocument>, ids: readonly string[]): Promise<Job[]> {
  const documents =
    ids.length > FEW ? await jobs.find({ _id: { $in: [...ids] } }).toArray() : await findEach(jobs, ids);
  return documents.map(fromDocument);
}

async function findEach(jobs: Collection<JobDocument>, ids: readonly string[]): Promise<JobDocument[]> {
  const documents: JobDocument[] = [];
  for (let start = 0; start < ids.length; start += AT_ONE_TIME) {
    const found = ids.slice(start, start + AT_ONE_TIME).map((_id) => jobs.find({ _id }).toArray());
    documents.push(...(await Promise.all(found)).flat());
  }
  return documents;
}

async function list(jobs: Collection<JobDocument>, selection: JobSelection): Promise<Job[]> {
  const documents = await find(jobs, selection).toArray();
  return documents.map(fromDocument);
}

async function listPage(jobs: Collection<JobDocument>, selection: JobSelection): Promise<JobPage> {
  const found: Job[] = [];
  let sizeBytes = 0;
  for await (const document of find(jobs, selection)) {
    found.push(fromDocument(document));
    sizeBytes += BSON.calculateObjectSize(document);
    if (sizeBytes >= MAX_PAGE_BYTES) break;
  }
  return { jobs: found, isFull: found.length === selection.limit || sizeBytes >= MAX_PAGE_BYTES };
}

function find(jobs: Collection<JobDocument>, selection: JobSelection) {
  return jobs.find(filterOf(selection)).sort(NEWEST_FIRST).limit(selection.limit);
}

/** One command an index: FerretDB 1.24 drops the connection when one command names several that exist. */
async function createIndexes(jobs: Collection<JobDocument>): Promise<void> {
  for (const index of INDEXES) await jobs.createIndexes([index]);
}

/** It has to be there before the embedded server of the local stack gets its indexes. */
async function createNamesCollection(database: Db): Promise<void> {
  await database.createCollection(NAMES_COLLECTION).catch(unlessThere);
}

function unlessThere(error: unknown): void {
  if (!isNamespaceExists(error)) throw error;
}

function unlessUnavailable(error: unknown): void {
  if (!isStoreUnavailable(error)) throw error;
}
