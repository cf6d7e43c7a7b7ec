import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { NO_LIMIT_MS } from '../../../worker/isolate.ts';

const LIGHTEN = join(import.meta.dirname, '..', '..', '..', 'worker', 'lighten.ts');

/** What a program says that runs in a process of its own, or in a thread of that, with what a worker loads first. */
async function outputOf(program: string, isInThread = false): Promise<string> {
  const module = JSON.stringify(`data:text/javascript,${encodeURIComponent(program)}`);
  const start = isInThread ? `new (require('node:worker_threads').Worker)(new URL(${module}))` : `import(${module})`;
  const args = ['--no-warnings', '--import', LIGHTEN, '--eval', start];
  return (await promisify(execFile)(process.execPath, args)).stdout.trim();
}

const CALL = `
  import vm from 'node:vm';
  import fs from 'node:fs';
  const count = () => fs.readdirSync('/proc/self/task').length;
  const call = (timeout) => new vm.Script('count()').runInContext(vm.createContext({ count }), { timeout });
`;

for (const isInThread of [false, true])
  test(`a call into a workflow starts no thread${isInThread ? ', nor does it in a thread' : ''}`, async () => {
    const more = await outputOf(
      `${CALL} const before = count(); console.log(call(${NO_LIMIT_MS}) - before);`,
      isInThread,
    );
    assert.equal(more, '0');
  });

test('a call that has a limit is still ended by it', async () => {
  const program = `${CALL} try { new vm.Script('for (;;);').runInContext(vm.createContext(), { timeout: 50 }) }
    catch ({ code }) { console.log(code) }`;
  assert.equal(await outputOf(program), 'ERR_SCRIPT_EXECUTION_TIMEOUT');
});

test('no promise is followed', async () => {
  const program = `import v8 from 'node:v8'; try { v8.promiseHooks.createHook({}) } catch ({ message }) { console.log(message) }`;
  assert.equal(await outputOf(program, true), 'a worker takes no stack traces of promises');
});

for (const isInThread of [false, true])
  test(`a small buffer holds a small pool${isInThread ? ', in a thread, too' : ''}`, async () => {
    const program = `let small; for (let at = 0; at < 100; at += 1) small = Buffer.allocUnsafe(1_000);
      console.log(small.buffer.byteLength)`;
    assert.equal(await outputOf(program, isInThread), '8192');
  });
