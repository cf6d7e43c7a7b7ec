import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { allGone } from '../../../deploy/local/proc.ts';

const LOCAL = join(import.meta.dirname, '..', '..', '..', 'deploy', 'local');

/** Starts a helper in its own group and one in a group apart, as a compiler and a server are; prints their pids. */
const SCRIPT = `
  import { spawn } from 'node:child_process';
  import { watchInterruption } from '${LOCAL}/interruption.ts';
  const interruption = watchInterruption((line) => console.log(line));
  const helper = spawn('sh', ['-c', 'sleep 600 & wait']);
  const server = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  helper.on('exit', () => console.log(interruption.happened() ? 'helper interrupted' : 'helper ended'));
  console.log(helper.pid, server.pid);
`;

async function interrupt(context: TestContext, signal: NodeJS.Signals) {
  const args = ['--no-warnings', '--input-type=module-typescript', '--eval', SCRIPT];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
  await once(reader, 'line');
  const [helper = 0, server = 0] = (lines[0] ?? '').split(' ').map(Number);
  context.after(() => process.kill(server));
  child.kill(signal);
  const [code] = (await once(child, 'close')) as [number];
  return { code, lines, helper, server };
}

test('an interruption ends the helpers, leaves the servers, and says how to go on', async (context) => {
  const { code, lines, helper, server } = await interrupt(context, 'SIGINT');
  assert.equal(code, 130);
  assert.deepEqual(lines.slice(1, 2), ['helper interrupted']);
  assert.match(lines.at(-1) ?? '', /^interrupted; .*`make down`/);
  assert.ok(await allGone([helper], 0));
  assert.ok(!(await allGone([server], 0)));
});

test('so does the end of a terminal', async (context) => {
  assert.equal((await interrupt(context, 'SIGHUP')).code, 129);
});
