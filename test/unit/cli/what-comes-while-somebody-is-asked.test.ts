import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { processTerminal } from '../../../cli/terminal.ts';

function createTerminal() {
  const out = Object.assign(new PassThrough(), { isTTY: true });
  const terminal = processTerminal({ stdin: out, stdout: out, stderr: out } as unknown as NodeJS.Process);
  return { terminal, seen: () => String(out.read() ?? '') };
}

test('what is written and said while somebody is asked comes after the answer, in its order', async () => {
  const { terminal, seen } = createTerminal();
  await terminal.write('begun');
  const { promise, resolve } = Promise.withResolvers<string>();
  const answered = terminal.ask((output) => {
    output.write('? ');
    return promise;
  });
  const written = terminal.write('log\n');
  terminal.say('running');
  void terminal.write('more\n');
  assert.equal(seen(), 'begun\n? ');
  resolve('stay');
  assert.equal(await answered, 'stay');
  await written;
  assert.equal(seen(), 'log\nrunning\nmore\n');
});

test('what came is not lost where a question fails, and there is one question at a time', async () => {
  const { terminal, seen } = createTerminal();
  const { promise, reject } = Promise.withResolvers<never>();
  const failed = assert.rejects(
    terminal.ask(() => promise),
    /taken back/,
  );
  terminal.say('ended');
  await assert.rejects(terminal.ask(() => Promise.resolve()));
  assert.equal(seen(), '');
  reject(new Error('taken back'));
  await failed;
  assert.equal(seen(), 'ended\n');
});
