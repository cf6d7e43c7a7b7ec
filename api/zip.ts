/** A look at a zip's first bytes: enough to refuse at once what is none. */
import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

const LOCAL_HEADER = 0x04034b50;
/** An empty zip has nothing else. */
const END_RECORD = 0x06054b50;
const SIGNATURE_BYTES = 4;

const NO_ZIP = 'Is not a zip file';

/** What is wrong with the first bytes of a zip, or undefined. */
export function zipHeadFault(head: Buffer): string | undefined {
  const signature = head.length >= SIGNATURE_BYTES ? head.readUInt32LE(0) : 0;
  return signature === LOCAL_HEADER || signature === END_RECORD ? undefined : NO_ZIP;
}

/** Passes a zip on unchanged, and fails with `refuse(fault)` as soon as its first bytes are not those of a zip. */
export function createZipGate(refuse: (fault: string) => Error): Transform {
  let head: Buffer | undefined = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      if (head === undefined) return done(null, chunk);
      head = Buffer.concat([head, chunk.subarray(0, SIGNATURE_BYTES)]);
      const fault = head.length < SIGNATURE_BYTES ? undefined : zipHeadFault(head);
      if (head.length >= SIGNATURE_BYTES) head = undefined;
      if (fault === undefined) done(null, chunk);
      else done(refuse(fault));
    },
    flush(done: TransformCallback) {
      const fault = head && zipHeadFault(head);
      if (fault === undefined) done();
      else done(refuse(fault));
    },
  });
}
