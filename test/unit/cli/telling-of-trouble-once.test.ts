import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellOnChange } from '../../../cli/live/tell-on-change.ts';

test('a trouble that lasts is told once, and another one, and the first one again', () => {
  const said: string[] = [];
  const tell = tellOnChange((line) => said.push(line));
  for (const line of ['a', 'a', 'b', 'b', 'a']) tell(line);
  assert.deepEqual(said, ['a', 'b', 'a']);
});
