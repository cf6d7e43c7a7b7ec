import { createCrc32c } from '../../bucket/crc32c.ts';
import type { Content } from '../../bucket/errors.ts';

/** Size and checksum of `bytes`. */
export function contentOf(bytes: Uint8Array): Content {
  const crc32c = createCrc32c();
  crc32c.update(bytes);
  return { sizeBytes: bytes.length, crc32c: crc32c.digest() };
}
