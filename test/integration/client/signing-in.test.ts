import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startGuardedApi } from '../../support/guarded-api.ts';
import { ktr } from '../../support/ktr.ts';
import { createTestFolder } from '../../support/trees.ts';

test('who signs in is known from then on, and the key is told nobody', async (context) => {
  const api = await startGuardedApi(context);
  const { text: key } = await api.as('ann', 'read');
  using folder = createTestFolder();
  const env = { KTR_SERVER: '', KTR_CONFIG: join(folder.path, 'config.yaml') };
  const login = await ktr(['login', '--server', api.url, '--context', 'lab', '--key-stdin'], {
    env,
    stdin: `${key}\n`,
  });
  assert.equal(login.code, 0, login.stderr);
  const listed = await ktr(['ls'], { env });
  assert.equal(listed.code, 0, listed.stderr);
  const contexts = await ktr(['context', 'ls'], { env });
  assert.match(contexts.stdout, new RegExp(`\\* +lab +${api.url} +kept`));
  for (const { stdout, stderr } of [login, listed, contexts]) assert.ok(!`${stdout}${stderr}`.includes(key));
});

test('a key that does not work is not kept', async (context) => {
  const api = await startGuardedApi(context);
  using folder = createTestFolder();
  const config = join(folder.path, 'config.yaml');
  const { code, stderr } = await ktr(['login', '--server', api.url, '--key-stdin'], {
    env: { KTR_CONFIG: config },
    stdin: 'wrong',
  });
  assert.equal(code, 125);
  assert.match(stderr, /KTR_API_KEY|ktr login/);
  assert.throws(() => readFileSync(config), { code: 'ENOENT' });
});
