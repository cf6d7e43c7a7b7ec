/** The input of a job, as far as it stands in the request's JSON. */
import { z } from 'zod';
import { zipFault } from '../zip-directory.ts';
import { zipHeadFault } from '../zip.ts';

/** `input_zip`: Base64 of what looks like a zip, or nothing. */
export const inputZipSchema = z.string().transform((text, context) => {
  const zip = decodeBase64(text);
  const message = zip === undefined ? 'Must be Base64' : zip.length === 0 ? undefined : zipHeadFault(zip);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
  return zip;
});

const inputOnlySchema = z.object({ job_parameters: z.object({ input_zip: inputZipSchema }) });

/** The input in a request that may have faults elsewhere; undefined when there is none, or none that can be read. */
export function inputZipIn(body: unknown): Buffer | undefined {
  return inputOnlySchema.safeParse(body).data?.job_parameters.input_zip;
}

/** The faults that only a look into the zip shows. */
export async function inputZipIssues(zip: Buffer | undefined): Promise<z.core.$ZodIssue[]> {
  const message = zip?.length ? await zipFault(zip) : undefined;
  return message === undefined ? [] : [{ code: 'custom', path: ['job_parameters', 'input_zip'], message }];
}

/** White space is allowed, as encoders break lines. */
function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replaceAll(/\s+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64');
}
