import type { Readable } from 'node:stream';

/** What `stream` says from now on, as soon as it matches `pattern`. @throws Error when it ends before that */
export async function untilSaid(stream: Readable, pattern: RegExp): Promise<string> {
  let said = '';
  return await new Promise((resolve, reject) => {
    const listen = (bytes: Buffer) => {
      said += bytes.toString();
      if (pattern.test(said)) done(() => resolve(said));
    };
    const end = () => done(() => reject(new Error(`it ended before it said ${pattern}: ${said}`)));
    const done = (settle: () => void) => {
      stream.off('data', listen).off('end', end);
      settle();
    };
    stream.on('data', listen).on('end', end);
  });
}
