/** The API keys, without what would let anybody use them: of the secret there is a hash. */
import type { Collection, UpdateFilter } from 'mongodb';
import type { On } from './connection.ts';

/** What is kept of an API key. Times are epoch milliseconds. */
export interface ApiKey {
  /** Tells keys from one another; it is no secret. */
  readonly id: string;
  /** SHA-256 of the secret, in hex. */
  readonly secretHash: string;
  /** Whose jobs it sends and sees. */
  readonly owner: string;
  /** What it may be used for. */
  readonly scopes: readonly string[];
  readonly created: number;
  /** When it ends by itself; absent when it does not. */
  readonly expires?: number;
  readonly revoked?: number;
  /** An hour or less before it was used last. */
  readonly lastUsed?: number;
}

/** The keys. Each call rejects within seconds when MongoDB is away. */
export interface ApiKeys {
  create(key: ApiKey): Promise<void>;
  /** The key of exactly this id. */
  find(id: string): Promise<ApiKey | undefined>;
  /** All that there ever were, oldest first. */
  list(): Promise<ApiKey[]>;
  /** Ends a key for good. False when there is none, or it was revoked before. */
  revoke(id: string, atMs: number): Promise<boolean>;
  /** Notes that a key is used. */
  touch(id: string, atMs: number): Promise<void>;
}

/** One document of the `api_keys` collection. */
export type ApiKeyDocument = Omit<ApiKey, 'id'> & { readonly _id: string };

/** @param on runs a deed on the collection when MongoDB answers */
export function createApiKeys(on: On<ApiKeyDocument>): ApiKeys {
  return {
    create: ({ id, ...fields }) => on(async (keys) => void (await keys.insertOne({ _id: id, ...fields }))),
    find: (id) => on((keys) => find(keys, id)),
    list: () => on(async (keys) => (await keys.find().sort({ created: 1, _id: 1 }).toArray()).map(fromDocument)),
    revoke: (id, revoked) => on((keys) => update(keys, id, { $set: { revoked } }, { revoked: { $exists: false } })),
    touch: (id, lastUsed) => on(async (keys) => void (await update(keys, id, { $set: { lastUsed } }))),
  };
}

async function find(keys: Collection<ApiKeyDocument>, id: string): Promise<ApiKey | undefined> {
  const document = await keys.findOne({ _id: { $eq: id } });
  return document === null ? undefined : fromDocument(document);
}

async function update(
  keys: Collection<ApiKeyDocument>,
  id: string,
  change: UpdateFilter<ApiKeyDocument>,
  condition: object = {},
): Promise<boolean> {
  const { modifiedCount } = await keys.updateOne({ _id: { $eq: id }, ...condition }, change);
  return modifiedCount > 0;
}

function fromDocument({ _id: id, ...fields }: ApiKeyDocument): ApiKey {
  return { id, ...fields };
}
