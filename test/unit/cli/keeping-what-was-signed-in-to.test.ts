import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig, writeConfig } from '../../../cli/settings/config-file.ts';
import { createTestFolder } from '../../support/trees.ts';

const CONFIG = { current: 'lab', contexts: { lab: { server: 'https://lab.example', api_key: 'secret' } } };

test('what is written is read, and nobody else may read it', async () => {
  using folder = createTestFolder();
  const path = join(folder.path, 'deep', 'config.yaml');
  await writeConfig(path, CONFIG);
  assert.deepEqual(await readConfig(path), CONFIG);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('without a file there is no context', async () => {
  using folder = createTestFolder();
  assert.deepEqual(await readConfig(join(folder.path, 'config.yaml')), { contexts: {} });
});

for (const [what, text] of Object.entries({
  'no YAML': 'contexts: [',
  'another YAML': 'contexts: {lab: {server: nowhere}}',
  'a field that is not known': 'colour: red',
})) {
  test(`${what} is refused with the name of the file`, async () => {
    using folder = createTestFolder();
    const path = join(folder.path, 'config.yaml');
    writeFileSync(path, text);
    await assert.rejects(
      readConfig(path),
      (error: Error) => error.name === 'UsageError' && error.message.includes(path),
    );
  });
}
