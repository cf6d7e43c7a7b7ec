/**
 * The connection to MongoDB. The driver mends it over whatever breaks, but for one case: a command that is written to a socket which is
 * destroyed and has not said so yet is never answered (mongodb 7.9, `Connection.writeCommand` waits for `drain`). When all connections end
 * at one moment that befalls the driver's own heartbeat, and with it all that comes later.
 */
import { MongoClient } from 'mongodb';
import type { Collection, Db, Document, MongoClientOptions } from 'mongodb';
import { onceSucceeded, within } from '../promises.ts';
import { StoreSilentError } from './errors.ts';

/** Where the mirror is. */
export interface StoreOptions {
  /** MongoDB connection string. */
  readonly uri: string;
  readonly database: string;
}

/** See {@link createConnection}. */
export interface MongoConnection {
  /** Runs `deed` on the database. Rejects within seconds when MongoDB is away. */
  use<T>(deed: (database: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Runs a deed on one collection. */
export type On<D extends Document> = <T>(deed: (collection: Collection<D>) => Promise<T>) => Promise<T>;

const CLIENT_OPTIONS: MongoClientOptions = {
  maxPoolSize: 20,
  waitQueueTimeoutMS: 2_000,
  serverSelectionTimeoutMS: 2_000,
  connectTimeoutMS: 2_000,
  socketTimeoutMS: 5_000,
  heartbeatFrequencyMS: 10_000,
  writeConcern: { w: 'majority' },
};

/** Longer than the driver takes for a call, its one repetition included: who is silent for so long was forgotten. */
const LONGEST_CALL_MS = 15_000;
/** A heartbeat waits for a change for `heartbeatFrequencyMS` at most, and for the answer for `connectTimeoutMS`. */
const LONGEST_HEARTBEAT_MS = 15_000;

/** Prepares a connection; it is made by the first use. A client whose heartbeat stands still is replaced by the next use. */
export function createConnection({ uri, database }: StoreOptions): MongoConnection {
  let link = openLink(uri, database);
  const livingLink = () => {
    if (link.isStalled()) {
      void link.client.close().catch(() => undefined);
      link = openLink(uri, database);
    }
    return link;
  };
  return {
    use: (deed) => {
      const { connect, opened } = livingLink();
      return withinLimit(connect().then(() => deed(opened)));
    },
    close: () => link.client.close(),
  };
}

function openLink(uri: string, database: string) {
  const client = new MongoClient(uri, CLIENT_OPTIONS);
  const heartbeats = new Map<string, number>();
  client.on('serverHeartbeatStarted', ({ connectionId }) => heartbeats.set(connectionId, performance.now()));
  client.on('serverHeartbeatSucceeded', ({ connectionId }) => heartbeats.delete(connectionId));
  client.on('serverHeartbeatFailed', ({ connectionId }) => heartbeats.delete(connectionId));
  const isLate = (startedMs: number) => performance.now() - startedMs > LONGEST_HEARTBEAT_MS;
  return {
    client,
    // To take it from the client copies all of the client's options.
    opened: client.db(database),
    // A client whose first connection failed stays closed for good unless it is told to connect again.
    connect: onceSucceeded(() => client.connect()),
    isStalled: () => [...heartbeats.values()].some(isLate),
  };
}

function withinLimit<T>(call: Promise<T>): Promise<T> {
  return within(LONGEST_CALL_MS, call, (limitMs) => new StoreSilentError(limitMs));
}
