import type { Access } from './access.ts';
import { spanChunks } from './byte-source.ts';
import { objectUrl } from './stat.ts';

/**
 * `lengthBytes` bytes of an object from `offset` on, which must be there. Transient faults are retried.
 * Throws `ObjectMissingError` when there is no such object.
 */
export async function readRange(access: Access, object: string, offset: number, lengthBytes: number): Promise<Buffer> {
  const { patienceMs } = access;
  const url = `${objectUrl(access, object)}?alt=media`;
  const source = { object, url, patienceMs, authorization: () => access.authorization() };
  const chunks: Buffer[] = [];
  for await (const chunk of spanChunks(source, { start: offset, end: offset + lengthBytes })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
