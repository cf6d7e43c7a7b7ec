import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kill } from '../../../cli/commands/kill.ts';
import { processTerminal } from '../../../cli/terminal.ts';
import { createClient } from '../../../client/client.ts';
import { ApiRefusal } from '../../../client/errors.ts';
import type { Job } from '../../../client/types.ts';
import { aClientJob } from '../../support/client-jobs.ts';

/** Calls `ktr kill` where a kill of each job comes to what `killed` says. */
async function killAll(ids: readonly string[], killed: (id: string) => Promise<Job>) {
  const said: string[] = [];
  const server = { url: 'http://127.0.0.1:1' };
  const terminal = { ...processTerminal(process), say: (line: string) => void said.push(line) };
  const client = { ...createClient(server), kill: killed };
  const world = { terminal, client, server, stdin: process.stdin, env: {}, nowMs: Date.now };
  const session = { ...world, createClient, onInterrupt: () => () => undefined };
  return { code: await kill(session, ids, { wait: true }), said };
}

const aKilledJob = (name: string) => aClientJob({ name, status: 'killed', phase: 'ended' });

test('a job that cannot be killed keeps no other one from it, is told, and decides the exit code', async () => {
  const missing = new ApiRefusal('There is no batch job b.', { status: 404, error: 'DoesNotExist', data: '' });
  const killed = (id: string) => (id === 'b' ? Promise.reject(missing) : Promise.resolve(aKilledJob(id)));
  const { code, said } = await killAll(['a', 'b', 'c'], killed);
  assert.equal(code, 125);
  const text = said.join('\n');
  for (const line of ['a killed', 'b: There is no batch job b.', 'c killed']) assert.ok(text.includes(line), text);
});

test('jobs are killed side by side, eight at one time, and each once', async () => {
  const asked: string[] = [];
  let [present, most] = [0, 0];
  const killed = async (id: string) => {
    asked.push(id);
    most = Math.max(most, (present += 1));
    await new Promise((resolve) => setImmediate(resolve));
    present -= 1;
    return aKilledJob(id);
  };
  const ids = Array.from({ length: 20 }, (_, index) => `job-${index}`);
  const { code } = await killAll([...ids, ...ids], killed);
  assert.deepEqual([code, most, asked], [0, 8, ids]);
});
