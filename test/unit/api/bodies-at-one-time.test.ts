import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createBodyBudget } from '../../../api/body-budget.ts';
import { readBytes } from '../../../api/body.ts';
import { readForm } from '../../../api/form.ts';

const BUSY = { status: 503, error: 'ServiceUnavailable', headers: { 'Retry-After': '1' } };
const HEAD = '--b\r\ncontent-disposition: form-data; name=';
const LIMITS = { maxJobBytes: 1_000_000, maxInputBytes: 1_000_000 };

const takeWhole = (_job: unknown, input: Readable) => buffer(input);

/** A form as it comes. */
function aRequest(): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.headers['content-type'] = 'multipart/form-data; boundary=b';
  return request;
}

/** What has been sent is read. */
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 10));

describe('the bodies of all requests together', () => {
  test('have a limit, whichever request it is that comes to it', async () => {
    const hold = createBodyBudget(100);
    const [first, second] = [hold(), hold()];
    const slow = new PassThrough();
    const reading = readBytes(slow, 80, first);
    slow.write(Buffer.alloc(70));
    await nextTurn();
    await assert.rejects(readBytes(Readable.from([Buffer.alloc(40)]), 80, second), BUSY);
    second[Symbol.dispose]();
    slow.end();
    assert.equal((await reading).length, 70);
    first[Symbol.dispose]();
    assert.equal((await readBytes(Readable.from([Buffer.alloc(80)]), 80, hold())).length, 80);
  });

  test('hold what has come of the part job of a form', async () => {
    const hold = createBodyBudget(1000);
    const [request, held] = [aRequest(), hold()];
    const reading = readForm(request, LIMITS, takeWhole, held).catch((error: unknown) => error);
    request.push(`${HEAD}job\r\n\r\n"${'x'.repeat(900)}`);
    await nextTurn();
    await assert.rejects(readBytes(Readable.from([Buffer.alloc(200)]), 1000, hold()), BUSY);
    request.emit('close');
    await reading;
    held[Symbol.dispose]();
    assert.equal((await readBytes(Readable.from([Buffer.alloc(200)]), 1000, hold())).length, 200);
  });

  test('hold no more than the job of a form whose input comes', async () => {
    const hold = createBodyBudget(1000);
    const [request, held] = [aRequest(), hold()];
    const zip = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100_000)]);
    const reading = readForm(request, LIMITS, takeWhole, held);
    request.push(`${HEAD}job\r\n\r\n"${'x'.repeat(400)}"\r\n${HEAD}input; filename=a\r\n\r\n`);
    request.push(zip);
    await nextTurn();
    await assert.rejects(readBytes(Readable.from([Buffer.alloc(700)]), 1000, hold()), BUSY);
    assert.equal((await readBytes(Readable.from([Buffer.alloc(500)]), 1000, hold())).length, 500);
    request.push('\r\n--b--\r\n');
    request.push(null);
    assert.equal((await reading).input?.length, zip.length);
  });
});

test('bodies that have come at one time are parsed one in each turn of the event loop', async () => {
  const hold = createBodyBudget(100);
  const seen: string[] = [];
  const others = async () => {
    for (let turn = 0; turn < 5; turn++) await setImmediate().then(() => seen.push('others'));
  };
  const bodies = Array.from({ length: 4 }, () =>
    hold()
      .turn()
      .then(() => seen.push('body')),
  );
  await Promise.all([others(), ...bodies]);
  assert.equal(seen.filter((what) => what === 'body').length, 4);
  assert.doesNotMatch(seen.join(), /body,body/);
});

test('a form that has too much beside its input is refused', async () => {
  const request = aRequest();
  const reading = readForm(request, { ...LIMITS, maxJobBytes: 1000 }, takeWhole, createBodyBudget(1e9)());
  for (let sent = 0; sent < 20; sent++) request.push(Buffer.alloc(10_000, 'x'));
  await assert.rejects(reading, { status: 413, error: 'PayloadTooLarge' });
});
