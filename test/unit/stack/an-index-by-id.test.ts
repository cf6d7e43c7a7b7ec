import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { indexById } from '../../../deploy/local/mongodb-index.ts';
import { testProfile } from '../../../deploy/local/profile.ts';

/** Of which FerretDB 1.24 asks for one document. */
const QUERY = `EXPLAIN QUERY PLAN SELECT _ferretdb_sjson FROM jobs_1 WHERE _ferretdb_sjson->'$._id' = ?`;

/** A database as FerretDB 1.24 makes it, with one collection. */
function aDatabase(context: TestContext) {
  const stateFolder = mkdtempSync(join(tmpdir(), 'mongodb-'));
  mkdirSync(join(stateFolder, 'mongodb'));
  const sqlite = new DatabaseSync(join(stateFolder, 'mongodb', 'jobs.sqlite'));
  context.after(() => {
    sqlite.close();
    rmSync(stateFolder, { recursive: true });
  });
  sqlite.exec(`CREATE TABLE _ferretdb_collections (name TEXT, table_name TEXT, settings TEXT);
    INSERT INTO _ferretdb_collections VALUES ('jobs', 'jobs_1', '{}');
    CREATE TABLE jobs_1 (_ferretdb_sjson TEXT NOT NULL);
    CREATE UNIQUE INDEX jobs_1__id_ ON jobs_1 (_ferretdb_sjson->'_id')`);
  const plan = () => {
    // What others have changed is seen by who reads.
    sqlite.prepare('SELECT count(*) FROM jobs_1').get();
    return JSON.stringify(sqlite.prepare(QUERY).all('"a"'));
  };
  return { profile: { ...testProfile('/nowhere', 0), stateFolder }, plan };
}

test('a document is found by its id without reading all rows, which without the index are read', (context) => {
  const { profile, plan } = aDatabase(context);
  assert.match(plan(), /SCAN jobs_1/);
  indexById(profile, 'jobs');
  assert.match(plan(), /SEARCH jobs_1 USING INDEX jobs_1_asked_by_id/);
});

test('a database that has the index, or is not there, is left as it is', (context) => {
  const { profile } = aDatabase(context);
  for (const database of ['jobs', 'jobs', 'another']) indexById(profile, database);
});
