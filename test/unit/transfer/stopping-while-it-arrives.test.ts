import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { downloadOf } from '../../support/arriving-input.ts';
import { heldAnswer } from '../../support/object-server.ts';
import { rawZip } from '../../support/raw-zips.ts';

const ZIP = rawZip([{ name: 'a', content: randomBytes(300_000) }]);

test('a stop ends what waits for the network in the middle of an entry', async (context) => {
  const { answer } = heldAnswer(ZIP, 200_000);
  const { folder, outcome, stop } = await downloadOf(context, ZIP, { answer });
  await context.waitFor(() => assert.ok(statSync(join(folder, 'a')).size > 100_000), { timeout: 30_000 });
  stop();
  assert.notEqual(typeof (await outcome), 'number');
});

test('a stop ends what waits for the end of an archive', async (context) => {
  const { folder, outcome, server, stop } = await downloadOf(context, ZIP, {
    answer: (_asked, outgoing) => void outgoing.flushHeaders(),
  });
  await context.waitFor(() => assert.equal(server.asked.length, 1), { timeout: 30_000 });
  stop();
  assert.notEqual(typeof (await outcome), 'number');
  assert.throws(() => statSync(join(folder, 'a')), { code: 'ENOENT' });
});
