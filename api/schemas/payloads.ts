import { z } from 'zod';
import { invalidFields, sentenceOf } from './faults.ts';

const base64 = z.base64('Must be Base64');

/** A payload of Temporal as protobuf writes it in JSON. */
const payloadSchema = z.object({
  metadata: z
    .record(z.string(), base64)
    .exactOptional()
    .meta({
      description: 'How `data` is to be read; each value in Base64.',
      example: { encoding: 'anNvbi9wbGFpbg==' },
    }),
  data: base64.exactOptional().meta({ description: 'Bytes in Base64.', example: 'InRlc3QiCg==' }),
});
export type JsonPayload = z.infer<typeof payloadSchema>;

/** What a codec server is sent, and answers. */
export const payloadsSchema = z.object({ payloads: z.array(payloadSchema) }).meta({ id: 'Payloads' });

/** @throws ApiError 400 with each fault at its field */
export function parsePayloads(body: unknown): JsonPayload[] {
  const parsed = payloadsSchema.safeParse(body, { error: sentenceOf });
  if (!parsed.success) throw invalidFields(parsed.error.issues);
  return parsed.data.payloads;
}
