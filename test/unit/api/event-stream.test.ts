import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatEvent, parseLastEventId } from '../../../api/event-stream.ts';

describe('a server-sent event', () => {
  test('is one block of lines', () => {
    assert.equal(formatEvent({ id: 3, event: 'job', data: '{"a":"\\n"}' }), 'id: 3\nevent: job\ndata: {"a":"\\n"}\n\n');
  });
});

describe('the last event that a client has seen', () => {
  test('is the number in its header, and none when the header is not ours', () => {
    const answers = ['0', '12', '', 'abc', '-1', '1.5', '9'.repeat(10)].map(parseLastEventId);
    assert.deepEqual(answers, [0, 12, -1, -1, -1, -1, -1]);
  });
});
