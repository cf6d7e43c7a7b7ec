import { buffer } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import type { Access } from './access.ts';
import { ObjectMissingError } from './errors.ts';
import { statusOf } from './faults.ts';
import { brokenConnection, open } from './http.ts';
import { withPatience } from './patience.ts';
import { objectUrl } from './stat.ts';

/**
 * `lengthBytes` bytes of an object from `offset` on, which must be there. Transient faults are retried.
 * Throws {@link ObjectMissingError} when there is no such object.
 */
export async function readRange(access: Access, object: string, offset: number, lengthBytes: number): Promise<Buffer> {
  try {
    return await withPatience(
      async () => {
        const bytes = await buffer(await openRange(access, object, offset, lengthBytes));
        if (bytes.length < lengthBytes) throw brokenConnection('the connection ended early');
        return bytes;
      },
      { limitMs: access.patienceMs },
    );
  } catch (error) {
    if (statusOf(error) === 404) throw new ObjectMissingError(object, { cause: error });
    throw error;
  }
}

/** A server that ignores the range would send gigabytes. */
async function openRange(
  access: Access,
  object: string,
  offset: number,
  lengthBytes: number,
): Promise<IncomingMessage> {
  const response = await open({
    method: 'GET',
    url: `${objectUrl(access, object)}?alt=media`,
    headers: { ...(await access.authorization()), range: `bytes=${offset}-${offset + lengthBytes - 1}` },
  });
  if (response.statusCode === 206) return response;
  response.destroy();
  throw new Error(`the server sent ${object} whole instead of ${lengthBytes} bytes`);
}
