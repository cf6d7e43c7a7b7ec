import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const PROCESSES = ['api', 'worker'] as const;

/** The names of the original service, with values that are well. */
const ORIGINAL = {
  API_HOST: '127.0.0.1',
  API_PORT: '0',
  MONGODB_HOST: '127.0.0.1',
  MONGODB_PORT: '1',
  MONGODB_DATABASE: 'd',
  CELERY_BROKER_URL: 'amqp://guest:hunter2@127.0.0.1//',
  KUBERNETES_API_URL: 'https://127.0.0.1:1',
  KUBERNETES_API_KEY: 'key',
  KUBERNETES_NAMESPACE: 'default',
  LOG_LEVEL: 'CRITICAL',
  GC_BUCKET_NAME: 'b',
  GC_CREDENTIALS_FILE_PATH: '/dev/null',
  JOB_SYNCHRONIZATION_INTERVAL: '30',
};
const FLAGS = Object.entries(ORIGINAL).map(([name, value]) => `--${name.toLowerCase().replaceAll('_', '-')}=${value}`);
const NOWHERE = { PATH: process.env['PATH'], HOME: '/nonexistent', TEMPORAL_ADDRESS: '127.0.0.1:1', WORKER_PORT: '0' };

function start(name: string, flags: readonly string[], env: NodeJS.ProcessEnv) {
  const args = ['--no-warnings', join(REPOSITORY, name, 'main.ts'), ...flags];
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

for (const name of PROCESSES) {
  describe(`the ${name} process`, () => {
    for (const [what, flags, env] of [
      ['variables', [], { ...NOWHERE, ...ORIGINAL }],
      ['flags', FLAGS, NOWHERE],
    ] as const) {
      test(`takes every ${what.slice(0, -1)} of the original service, and warns of the one it ignores`, async (context) => {
        const child = start(name, flags, env);
        context.after(() => child.kill('SIGKILL'));
        const lines = createInterface(child.stderr);
        const [line] = (await once(lines, 'line')) as [string];
        assert.match(line, /^Warning: CELERY_BROKER_URL is ignored: .*TEMPORAL_ADDRESS/);
        assert.doesNotMatch(line, /hunter2/);
      });
    }

    test('shows all faults and ends with 2 before it starts anything', async () => {
      const flags = ['--api-port', 'x', '--job-claim-size', 'much', '--temporal-address', 'http://a', '--what'];
      const child = start(name, flags, { ...NOWHERE, TEMPORAL_PROFILE: 'none' });
      const [shown] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      assert.equal(child.exitCode, 2);
      for (const fault of [
        'API_PORT',
        'JOB_CLAIM_SIZE',
        'TEMPORAL_ADDRESS',
        'TEMPORAL_*',
        'GC_BUCKET_NAME',
        '--what',
      ]) {
        assert.ok(shown.includes(fault), `${fault} in ${shown}`);
      }
    });

    test('shows its help and ends with 0', async () => {
      const child = start(name, ['--help'], NOWHERE);
      const [shown] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      assert.equal(child.exitCode, 0);
      assert.match(shown, new RegExp(`^Usage: npm run start:${name} `));
      for (const flag of FLAGS) assert.ok(shown.includes(`${flag.split('=', 1).join('')} <value>`), flag);
    });
  });
}
