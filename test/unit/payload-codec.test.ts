import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ApplicationFailure, defaultDataConverter, defaultPayloadConverter } from '@temporalio/common';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { createKeptReader, createPayloadCodec } from '../../payload-codec.ts';
import { SealError } from '../../sealing.ts';
import { failureConverter } from '../../workflows/encoded-failures.ts';

const [old, next] = [randomBytes(32), randomBytes(32)];
const codecBy = (...encryptionKeys: Buffer[]) => createPayloadCodec({ encryptionKeys, isTemporalEncrypted: true });
const aPayload = (value: unknown = { word: 'canary' }) => defaultPayloadConverter.toPayload(value);

async function encrypted(codec: PayloadCodec, value?: unknown): Promise<Payload> {
  const [payload] = await codec.encode([aPayload(value)]);
  assert.ok(payload);
  return payload;
}

async function decrypted(codec: PayloadCodec, payload: Payload): Promise<unknown> {
  const [clear] = await codec.decode([payload]);
  assert.ok(clear);
  return defaultPayloadConverter.fromPayload(clear);
}

test('an encrypted payload shows nothing of what it was, and decrypts to it', async () => {
  const payload = await encrypted(codecBy(old));
  const shown = Buffer.from(payload.data ?? []).toString('latin1');
  assert.doesNotMatch(shown, /canary|json/);
  assert.deepEqual(Object.keys(payload.metadata ?? {}), ['encoding', 'encryption-key-id']);
  assert.equal(Buffer.from(payload.metadata?.['encoding'] ?? []).toString(), 'binary/encrypted');
  assert.deepEqual(await decrypted(codecBy(old), payload), { word: 'canary' });
});

test('no two payloads are encrypted alike', async () => {
  const [first, second] = await Promise.all([encrypted(codecBy(old)), encrypted(codecBy(old))]);
  assert.notDeepEqual(first.data, second.data);
});

test('the first key encrypts, and the others decrypt', async () => {
  const payload = await encrypted(codecBy(old));
  assert.deepEqual(await decrypted(codecBy(next, old), payload), { word: 'canary' });
  const renewed = await encrypted(codecBy(next, old));
  await assert.rejects(codecBy(old).decode([renewed]), SealError);
});

test('where nothing is to be encrypted any more, what was is read', async () => {
  const off = createPayloadCodec({ encryptionKeys: [old], isTemporalEncrypted: false });
  assert.deepEqual(await off.encode([aPayload()]), [aPayload()]);
  assert.deepEqual(await decrypted(off, await encrypted(codecBy(old))), { word: 'canary' });
});

test('what was never encrypted is read as it is, with keys and without', async () => {
  for (const codec of [codecBy(old), createPayloadCodec({ isTemporalEncrypted: false })])
    assert.deepEqual(await codec.decode([aPayload(), {}]), [aPayload(), {}]);
});

test('a payload without a key for it, or that was changed or cut, is no payload', async () => {
  const payload = await encrypted(codecBy(old));
  const bytes = Buffer.from(payload.data ?? []);
  await assert.rejects(createPayloadCodec({ isTemporalEncrypted: false }).decode([payload]), /is not among/);
  for (const at of [0, 11, 12, bytes.length - 17, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    await assert.rejects(codecBy(old).decode([{ ...payload, data: changed }]), SealError, String(at));
  }
  for (const length of [0, 1, 12, 27, bytes.length - 1])
    await assert.rejects(codecBy(old).decode([{ ...payload, data: bytes.subarray(0, length) }]), SealError);
});

test('a failure is read with its words, details and causes, encrypted or not', async () => {
  const codec = codecBy(old);
  const cause = new Error('canary below');
  const error = ApplicationFailure.create({ message: 'canary', type: 'Refused', details: [{ word: 'canary' }], cause });
  const kept = failureConverter.errorToFailure(error, defaultPayloadConverter);
  const [encodedAttributes = {}] = await codec.encode([kept.encodedAttributes ?? {}]);
  const payloads = await codec.encode(kept.applicationFailureInfo?.details?.payloads ?? []);
  const applicationFailureInfo = { ...kept.applicationFailureInfo, details: { payloads } };
  const sealed = { ...kept, encodedAttributes, applicationFailureInfo };
  assert.doesNotMatch(JSON.stringify({ ...sealed, cause: null }), /canary/);
  for (const failure of [sealed, kept]) {
    const read = await createKeptReader({ ...defaultDataConverter, payloadCodecs: [codec] }).failure(failure);
    assert.ok(read instanceof ApplicationFailure);
    assert.deepEqual([read.message, read.type, read.details], ['canary', 'Refused', [{ word: 'canary' }]]);
    assert.equal(read.cause?.message, 'canary below');
  }
});
