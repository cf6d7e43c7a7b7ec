import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { BusyPortError, requireFreePorts } from '../../../deploy/local/ports.ts';
import { startProcess } from '../../../deploy/local/processes.ts';
import { becomesTrue, listens } from '../../../deploy/local/ready.ts';
import { freePort } from '../../support/free-port.ts';
import { temporaryProfile } from '../../support/temporary-stack.ts';

const host = '127.0.0.1';

/** Program that listens on `port`. */
const listenOn = (port: number) => ['-e', `require('node:net').createServer().listen(${port}, '${host}')`];

async function startListener(context: TestContext, port: number): Promise<number> {
  const child = spawn(process.execPath, listenOn(port), { stdio: 'ignore' });
  context.after(() => child.kill());
  assert.ok(await becomesTrue(listens({ host, port }), 10_000));
  return child.pid ?? 0;
}

test('a free port is no reason to complain', async () => {
  await requireFreePorts([{ host, port: await freePort(), wantedBy: 'temporal' }]);
});

test('an address that this machine does not have yet is free', async () => {
  await requireFreePorts([{ host: '192.0.2.1', port: await freePort(), wantedBy: 'gcs' }]);
});

test('a busy port is one sentence that names it, who wants it and who holds it', async (context) => {
  const port = await freePort();
  const pid = await startListener(context, port);
  const refused = requireFreePorts([{ host, port, wantedBy: 'temporal' }]);
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof BusyPortError);
    assert.match(error.message, new RegExp(`^Port ${port} on ${host}, which temporal needs, is held by [^\\n]+\\.$`));
    assert.match(error.message, new RegExp(`node \\(pid ${pid}\\): end that program, or use \`docker compose up\``));
    return true;
  });
});

test('a port that another stack holds is to be freed by its own make down', async (context) => {
  const profile = await temporaryProfile(context);
  const port = await freePort();
  await startProcess(profile, { name: 'other', command: process.execPath, args: listenOn(port) });
  assert.ok(await becomesTrue(listens({ host, port }), 10_000));
  const refused = requireFreePorts([{ host, port, wantedBy: 'temporal' }]);
  await assert.rejects(refused, { message: new RegExp(`of the stack in ${profile.stateFolder}: .*\`make down\``) });
});
