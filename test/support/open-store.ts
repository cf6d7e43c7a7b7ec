import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { MongoClient } from 'mongodb';
import { createStore } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import { required } from './environment.ts';

/** A store on a database of its own, which is dropped when the test ends. */
export async function openStore(context: TestContext): Promise<Store> {
  const uri = required('MONGODB_URI');
  const database = `test_${randomUUID().slice(0, 8)}`;
  const store = await createStore({ uri, database });
  context.after(async () => {
    await store.close();
    const client = new MongoClient(uri);
    await client.db(database).dropDatabase();
    await client.close();
  });
  return store;
}
