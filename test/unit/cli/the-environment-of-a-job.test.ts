import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentOf } from '../../../cli/job/environment.ts';

test('a value is given, or taken from the shell by its name', () => {
  assert.deepEqual(environmentOf({ env: ['A=1', 'HOME'] }, { HOME: '/root' }), { A: '1', HOME: '/root' });
});

test('a value may have an equals sign in it, or be empty', () => {
  assert.deepEqual(environmentOf({ env: ['A=b=c', 'B='] }, {}), { A: 'b=c', B: '' });
});

test('a name that the shell does not have is refused', () => {
  assert.throws(() => environmentOf({ env: ['NONE'] }, {}), { name: 'UsageError', message: /NONE has no value here/ });
});

test('options go over files, of which the last one counts', () => {
  const envFiles = ['A=1\nB=1\nC=1\n', '# a comment\nB="2 and more"\nC=2\n'];
  assert.deepEqual(environmentOf({ envFiles, env: ['C=3'] }, {}), { A: '1', B: '2 and more', C: '3' });
});

test('a sensitive value is marked as one, and a secret of the cluster is named', () => {
  assert.deepEqual(
    environmentOf({ sensitiveEnv: ['TOKEN'], secretEnv: ['PASSWORD=database/password'] }, { TOKEN: 'x' }),
    {
      TOKEN: { value: 'x', sensitive: true },
      PASSWORD: { secret: 'database/password' },
    },
  );
});
