import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { SLOW_BODY_LIMITS, watchBody } from '../../../api/slow-bodies.ts';

function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

test('the watch on a body does not keep the process alive', () => {
  const before = activeTimers();
  const request = new IncomingMessage(new Socket());
  watchBody(request, SLOW_BODY_LIMITS, () => undefined);
  assert.equal(activeTimers(), before);
  request.destroy();
});
