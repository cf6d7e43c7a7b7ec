/**
 * Encrypts what Temporal keeps of jobs, by its own means for that: a payload codec, and failures whose words are payloads, too. See
 * https://docs.temporal.io/production-deployment/data-encryption.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { DataConverter, LoadedDataConverter, Payload, PayloadCodec, ProtoFailure } from '@temporalio/common';
import proto from '@temporalio/proto';
import { keyIdOf, SealError } from './sealing.ts';

const { Payload: WirePayload } = proto.temporal.api.common.v1;

/** The names in the metadata are those of Temporal's examples, which its Web UI knows. */
const ENCODING = 'encoding';
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Module of the converter that makes the words of a failure a payload. */
const FAILURE_CONVERTER_PATH = fileURLToPath(new URL('workflows/encoded-failures.ts', import.meta.url));

/** What an operator says of encryption. */
export interface EncryptionConfig {
  /** 32 bytes each; the first encrypts, all decrypt. */
  readonly encryptionKeys?: readonly Uint8Array[];
  /** False: what is encrypted can be read, and no more is encrypted. */
  readonly isTemporalEncrypted: boolean;
}

/** How clients and workers convert what they give to Temporal. */
export function dataConverterOf(config: EncryptionConfig): DataConverter {
  return {
    payloadCodecs: [createPayloadCodec(config)],
    ...(config.isTemporalEncrypted && { failureConverterPath: FAILURE_CONVERTER_PATH }),
  };
}

/**
 * Encrypts each payload whole, with AES-256-GCM, and leaves those alone that are not encrypted when it decrypts. It throws a
 * {@link SealError} for what none of the keys has encrypted.
 */
export function createPayloadCodec({ encryptionKeys = [], isTemporalEncrypted }: EncryptionConfig): PayloadCodec {
  const keys = encryptionKeys.map((secret) => ({ id: keyIdOf(secret), bytes: payloadKeyOf(secret) }));
  const byId = new Map(keys.map(({ id, bytes }) => [id, bytes]));
  const [newest] = keys;
  return {
    encode: (payloads) =>
      all(payloads, (payload) => (isTemporalEncrypted && newest ? encrypt(payload, newest) : payload)),
    decode: (payloads) => all(payloads, (payload) => (isEncrypted(payload) ? decrypt(payload, byId) : payload)),
  };
}

/** What is thrown rejects. */
async function all(payloads: Payload[], convert: (payload: Payload) => Payload): Promise<Payload[]> {
  return await Promise.resolve(payloads).then((each) => each.map(convert));
}

/** Reads what the SDK gives as Temporal keeps it: histories and descriptions. */
export interface KeptReader {
  value<T>(payload: Payload): Promise<T>;
  failure(failure: ProtoFailure): Promise<Error>;
}

/** @param converter of the client that asks */
export function createKeptReader(converter: LoadedDataConverter): KeptReader {
  const { payloadCodecs, payloadConverter, failureConverter } = converter;
  const decode = async (payloads: Payload[]) => {
    for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
    return payloads;
  };
  return {
    async value<T>(payload: Payload) {
      const [clear = payload] = await decode([payload]);
      return payloadConverter.fromPayload<T>(clear);
    },
    failure: async (failure) => failureConverter.failureToError(await decodeFailure(failure, decode), payloadConverter),
  };
}

type Decode = (payloads: Payload[]) => Promise<Payload[]>;

/** Its words, and the details of ours. */
async function decodeFailure(failure: ProtoFailure, decode: Decode): Promise<ProtoFailure> {
  const { encodedAttributes, applicationFailureInfo: info, cause } = failure;
  const [words] = encodedAttributes ? await decode([encodedAttributes]) : [];
  const payloads = info?.details?.payloads && (await decode(info.details.payloads));
  return {
    ...failure,
    ...(words && { encodedAttributes: words }),
    ...(info && payloads && { applicationFailureInfo: { ...info, details: { payloads } } }),
    ...(cause && { cause: await decodeFailure(cause, decode) }),
  };
}

interface Key {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Values that are sealed have the same secrets, and another key. */
function payloadKeyOf(secret: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'temporal payload', 32));
}

function encrypt(payload: Payload, key: Key): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key.bytes, iv);
  const parts = [iv, cipher.update(WirePayload.encode(payload).finish()), cipher.final(), cipher.getAuthTag()];
  const metadata = { [ENCODING]: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(key.id) };
  return { metadata, data: Buffer.concat(parts) };
}

function decrypt({ metadata, data }: Payload, keys: ReadonlyMap<string, Uint8Array>): Payload {
  const key = keys.get(textOf(metadata?.[KEY_ID]));
  if (key === undefined) throw new SealError('the key that encrypted it is not among ENCRYPTION_KEYS');
  const bytes = Buffer.from(data ?? []);
  try {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const clear = [decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()];
    return WirePayload.decode(Buffer.concat(clear));
  } catch (cause) {
    throw new SealError('it is damaged', { cause });
  }
}

function isEncrypted({ metadata }: Payload): boolean {
  return textOf(metadata?.[ENCODING]) === ENCRYPTED;
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
