import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { processTerminal } from '../../../cli/terminal.ts';

/** What is seen where both outputs go to one place, which is a terminal or is none. */
async function seenOf(isTTY: boolean, ...log: readonly string[]): Promise<string> {
  const out = Object.assign(new PassThrough(), { isTTY });
  const terminal = processTerminal({ stdin: out, stdout: out, stderr: out } as unknown as NodeJS.Process);
  for (const text of log) await terminal.write(Buffer.from(text));
  terminal.say('succeeded');
  terminal.say('output: out/');
  return String(out.read());
}

test('on a terminal a status line begins a line of its own after a log without a final newline', async () => {
  assert.equal(await seenOf(true, 'one\n', 'two'), 'one\ntwo\nsucceeded\noutput: out/\n');
  assert.equal(await seenOf(true, 'one\n', ''), 'one\nsucceeded\noutput: out/\n');
});

test('nothing is added to outputs that a program reads', async () => {
  assert.equal(await seenOf(false, 'two'), 'twosucceeded\noutput: out/\n');
});
