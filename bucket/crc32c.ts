// Native: four times the speed of the best in JavaScript, which was a quarter of the CPU that a large input took.
import { crc32c } from '@node-rs/crc32';

/** A running CRC32C over the chunks of a stream. */
export interface Crc32c {
  /** Takes the next chunk. */
  update(bytes: Uint8Array): void;
  /** CRC32C of all chunks so far, base64 of the big-endian value, as Google Cloud Storage writes it. */
  digest(): string;
}

/** Starts a CRC32C. */
export function createCrc32c(): Crc32c {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32c(bytes, value);
    },
    digest: () => encode(value),
  };
}

function encode(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('base64');
}
