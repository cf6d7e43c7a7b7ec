import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from '../../../transfer/progress.ts';

test('what was said is known line by line, as it stands in the log', () => {
  const lines: string[] = [];
  const progress = createProgress((line) => lines.push(line));
  assert.equal(progress.said(), '');
  ['fetching', 'fetched'].forEach((line) => progress.say(line));
  assert.deepEqual([progress.said(), lines], ['fetching\nfetched\n', ['fetching', 'fetched']]);
});

test('who speaks for hours keeps no memory of it, and does not pass for one who said less', () => {
  let lines = 0;
  const progress = createProgress(() => (lines += 1));
  for (let second = 0; second < 86_400; second += 1) progress.say(`fetched ${second} MB`);
  assert.deepEqual([progress.said(), lines], [undefined, 86_400]);
});
