import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { MongoClient } from 'mongodb';
import { createStore } from '../../store/store.ts';
import type { Store, StoreOptions } from '../../store/store.ts';
import { required } from './environment.ts';

/** A store on a database of its own, which is dropped when the test ends. */
export async function openStore(context: TestContext, options = ownDatabase(context)): Promise<Store> {
  const store = await createStore(options);
  context.after(() => store.close());
  return store;
}

/** A database that nobody has used, and that is dropped when the test ends. */
export function ownDatabase(context: TestContext): StoreOptions {
  const uri = required('MONGODB_URI');
  const database = `test_${randomUUID().slice(0, 8)}`;
  context.after(async () => {
    const client = new MongoClient(uri);
    await client.db(database).dropDatabase();
    await client.close();
  });
  return { uri, database };
}
