import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { allGone, readStat } from '../../../deploy/local/proc.ts';
import { becomesTrue } from '../../../deploy/local/ready.ts';

/** The second thread keeps the process, and all that it has open, when the first one ends: 60 is `exit`, which ends one thread. */
const SCRIPT = `
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(600,)).start()
ctypes.CDLL(None).syscall(60, 0)
`;

test('a program is not gone while any thread of it is left', async (context) => {
  const child = spawn('python3', ['-c', SCRIPT], { stdio: 'ignore' });
  context.after(() => child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  assert.ok(await becomesTrue(async () => (await readStat(pid))?.state === 'Z', 10_000));
  assert.equal(await allGone([pid], 0), false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(await allGone([pid], 0), true);
});
