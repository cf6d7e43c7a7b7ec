import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forbiddenVariables } from '../../../api/auth/secrets.ts';

const SECRETS = { alice: ['database', 's3/key'], '*': ['public'] };
const ENVIRONMENT = {
  PLAIN: 'database',
  WHOLE: { secret: 'database/password' },
  KEY: { secret: 's3/key' },
  OTHER_KEY: { secret: 's3/other' },
  LONGER: { secret: 'database-2/password' },
  SHORTER: { secret: 'data/base' },
  PUBLIC: { secret: 'public/greeting' },
};

test('an owner may use the Secrets and the keys that are listed, and what everybody may', () => {
  assert.deepEqual(forbiddenVariables(ENVIRONMENT, 'alice', SECRETS), ['OTHER_KEY', 'LONGER', 'SHORTER']);
});

test('another owner, or nobody, may use what everybody may', () => {
  const others = ['WHOLE', 'KEY', 'OTHER_KEY', 'LONGER', 'SHORTER'];
  for (const owner of ['bob', 'alice2', 'Alice', 'constructor', '__proto__', undefined])
    assert.deepEqual(forbiddenVariables(ENVIRONMENT, owner, SECRETS), others, owner);
});

test('without a list no Secret may be used', () => {
  assert.deepEqual(forbiddenVariables({ A: { secret: 'a/b' }, B: 'b' }, 'alice', {}), ['A']);
  assert.deepEqual(forbiddenVariables(undefined, 'alice', {}), []);
});
