import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { clientTypes } from '../../../deploy/client-types.ts';

test('the types of the client are those of the document; `npm run client-types` writes them', async () => {
  const written = await readFile(join(import.meta.dirname, '../../../client/schema.d.ts'), 'utf8');
  assert.equal(written, await clientTypes());
});
