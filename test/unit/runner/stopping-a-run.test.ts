import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { lastLog, pidByName, startProcess } from '../../../deploy/local/processes.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import { becomesTrue } from '../../../deploy/local/ready.ts';
import type { RunResult } from '../../runner/result.ts';
import { runStage } from '../../runner/run-stage.ts';
import type { Task } from '../../runner/run-stage.ts';
import { untilStopped, whileServersRun } from '../../runner/stop-run.ts';
import { recordsOf } from '../../support/run-records.ts';
import { temporaryProfile } from '../../support/temporary-stack.ts';

const SERVER = { name: 'database', command: 'sh', args: ['-c', 'echo disk is full; exec sleep 600'] };

const aTask = (name: string, run: () => Promise<Partial<RunResult>>): Task => ({
  ...{ suite: 'jobs', group: 'jobs', limit: 1, name },
  run: async () => ({ suite: 'jobs', name, passed: 1, failed: 0, durationMs: 1, failures: [], ...(await run()) }),
});

/** A server whose log is written. */
async function startServer(context: TestContext): Promise<Profile> {
  const profile = await temporaryProfile(context);
  await startProcess(profile, SERVER);
  const hasLog = async () => (await lastLog(profile, SERVER.name)).includes('disk is full');
  assert.ok(await becomesTrue(hasLog, 10_000));
  return profile;
}

/** Resolves when the process is gone, which takes the system a moment. */
async function killServer(profile: Profile): Promise<void> {
  process.kill((await pidByName(profile, SERVER.name)) ?? NaN, 'SIGKILL');
  assert.ok(await becomesTrue(async () => (await pidByName(profile, SERVER.name)) === undefined, 10_000));
}

test('a server that ends stops the run: its test is ended, no other begins, and the failure names the server', async (context) => {
  const profile = await startServer(context);
  const begun: string[] = [];
  const tasks = [
    aTask('passes', () => Promise.resolve({})),
    aTask('waits for the server', async () => {
      begun.push('waits');
      const child = spawn('sleep', ['600']);
      await killServer(profile);
      await once(child, 'close');
      return { passed: 0, failed: 1, failures: [{ test: 'waits', reason: 'aborted' }] };
    }),
    aTask('is never begun', () => Promise.resolve({ passed: begun.push('never') })),
  ];
  const records = recordsOf(tasks);
  const run = () => runStage(tasks, 1, {}, records);
  await untilStopped(records.stopped, () => whileServersRun(profile, [SERVER.name], records, run));
  assert.deepEqual(begun, ['waits']);
  assert.deepEqual(
    records.results.map(({ name, failures }) => [name, failures.map(({ test }) => test)]),
    [
      ['passes', []],
      ['servers', [SERVER.name]],
    ],
  );
  const reason = records.results.at(-1)?.failures[0]?.reason ?? '';
  assert.match(reason, /^database ended while the tests ran; the end of its log:\n.*\ndisk is full\n2 of 3 /);
  assert.ok(!records.isGreen());
});

test('an interruption ends running tests, and reports how many were not run to their end', async () => {
  const tasks = [
    aTask('waits', async () => {
      const child = spawn('sleep', ['600']);
      records.stop('run', { test: 'interruption', reason: 'interrupted' });
      records.stop('run', { test: 'another', reason: 'comes too late' });
      await once(child, 'close');
      return {};
    }),
    aTask('is never begun', () => Promise.reject(new Error('it was begun'))),
  ];
  const records = recordsOf(tasks);
  await untilStopped(records.stopped, () => runStage(tasks, 2, {}, records));
  const reasons = records.results.flatMap(({ failures }) => failures.map(({ reason }) => reason));
  assert.deepEqual(reasons, ['interrupted\n2 of 2 files and checks were not run to their end']);
});

test('servers that run to the end of a stage are no failure', async (context) => {
  const profile = await startServer(context);
  const tasks = [aTask('passes', () => Promise.resolve({}))];
  const records = recordsOf(tasks);
  await whileServersRun(profile, [SERVER.name], records, () => runStage(tasks, 1, {}, records));
  assert.ok(records.isGreen());
});

test('a server that ends with the last test is named, too', async (context) => {
  const profile = await startServer(context);
  const tasks = [aTask('kills the server', () => killServer(profile).then(() => ({})))];
  const records = recordsOf(tasks);
  await whileServersRun(profile, [SERVER.name], records, () => runStage(tasks, 1, {}, records));
  assert.deepEqual(
    records.results.map(({ name }) => name),
    ['kills the server', 'servers'],
  );
});

test('a run that is stopped before it starts runs nothing', async () => {
  const records = recordsOf([]);
  records.stop('run', { test: 'interruption', reason: 'interrupted' });
  await untilStopped(records.stopped, () => assert.fail('it was started'));
});
