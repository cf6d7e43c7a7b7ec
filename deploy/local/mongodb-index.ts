import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Profile } from './profile.ts';

/** Another process may be writing. */
const BUSY_MS = 10_000;

/**
 * Lets the embedded MongoDB-compatible server find a document by its `_id` without reading all rows. FerretDB 1.24 makes an index for that, by
 * another expression than the one that it asks by, which SQLite takes for another index. This makes the one for all collections that are there.
 */
export function indexById({ stateFolder }: Profile, database: string): void {
  const file = join(stateFolder, 'mongodb', `${database}.sqlite`);
  if (!existsSync(file)) return;
  const sqlite = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    const tables = sqlite.prepare('SELECT table_name AS name FROM _ferretdb_collections').all() as { name: string }[];
    for (const { name } of tables)
      sqlite.exec(`CREATE INDEX IF NOT EXISTS "${name}_asked_by_id" ON "${name}" (_ferretdb_sjson->'$._id')`);
  } finally {
    sqlite.close();
  }
}
