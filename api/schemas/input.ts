/** The input of a job, as far as it stands in the request's JSON. */
import { z } from 'zod';
import type { JobParameters } from '../../workflows/parameters.ts';
import { zipFault } from '../zip-directory.ts';
import type { ZipLimits } from '../zip-directory.ts';
import { zipHeadFault } from '../zip.ts';
import { isLabel, LABEL } from './name.ts';

/** Where an input is taken from. */
export interface InputUrl {
  /** As the client wrote it. */
  readonly url: string;
  readonly bucketName: string;
  readonly object: string;
}

/** The input that a request holds or names. */
export interface GivenInput {
  /** The decoded `input_zip`. */
  readonly inputZip?: Buffer | undefined;
  readonly inputUrl?: InputUrl | undefined;
  /** Id or name of the job whose input is taken. */
  readonly inputFrom?: string | undefined;
  /** Of its job, when they are valid. */
  readonly parameters?: Pick<JobParameters, 'storage'>;
}

/** What a job may say of its input. */
export interface InputRules {
  /** Buckets that an address may name. */
  readonly inputBuckets: readonly string[];
  /** True when the input comes as a part of the form. */
  readonly isPart: boolean;
  /** Most that may come out of the input of a job; no limit when absent. */
  readonly limitsOf?: (parameters: Pick<JobParameters, 'storage'>) => ZipLimits;
}

type Issue = z.core.$ZodIssue;

/** Names of buckets, and of objects but for those that the storage does not take: `.`, `..`, and more than 1024 bytes. */
const GS_URL = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])\/(?!\.{1,2}$)([^\r\n]+)$/;
const MAX_OBJECT_BYTES = 1024;

/** Whole groups of four, the last of them perhaps filled up, with white space anywhere. */
const BASE64_PATTERN =
  '^\\s*(?:(?:[A-Za-z0-9+/]\\s*){4})*(?:(?:[A-Za-z0-9+/]\\s*){2}=\\s*=\\s*|(?:[A-Za-z0-9+/]\\s*){3}=\\s*)?$';

/** The smallest zip that there is. */
const EMPTY_ZIP = Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`, 'latin1').toString('base64');

/** What each way to give an input looks like where it is not used. */
const UNUSED = { input_zip: { pattern: '^\\s*$' }, input_url: { pattern: '^$' }, input_from: { pattern: '^$' } };
const without = (way: string) => Object.fromEntries(Object.entries(UNUSED).filter(([other]) => other !== way));

/** Parameters without an input, and such with one at most, as JSON Schema says it. */
export const NO_INPUT = { properties: UNUSED };
export const ONE_INPUT = Object.keys(UNUSED).map((way) => ({ properties: without(way) }));

/** `input_zip`: Base64 of what looks like a zip, or nothing. */
export const inputZipSchema = z
  .string()
  .transform((text, context) => {
    const zip = decodeBase64(text);
    const message = zip === undefined ? 'Must be Base64' : zip.length === 0 ? undefined : zipHeadFault(zip);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
    return zip?.length ? zip : undefined;
  })
  .meta({
    contentEncoding: 'base64',
    contentMediaType: 'application/zip',
    pattern: BASE64_PATTERN,
    description: 'The input zip as Base64; white space is allowed. Blank: no input. Not beside a part `input`.',
    example: EMPTY_ZIP,
  });

/** `input_url`: `gs://bucket/object`, or nothing. */
export const inputUrlSchema = z
  .string()
  .transform((url, context) => {
    if (url === '') return undefined;
    const parsed = parseInputUrl(url);
    if (parsed === undefined)
      context.addIssue({ code: 'custom', message: 'Must be an address like gs://bucket/object' });
    return parsed;
  })
  .meta({
    pattern: `^$|${GS_URL.source}`,
    description: `An input zip in a bucket that the service may read. Blank: none. Its name has at most ${MAX_OBJECT_BYTES} bytes.`,
    example: 'gs://inputs/words.zip',
  });

/** `input_from`: the id or the name of a job, or nothing. */
export const inputFromSchema = z
  .string()
  .transform((id, context) => {
    if (id === '') return undefined;
    if (!isLabel(id)) context.addIssue({ code: 'custom', message: 'Must be the id or the name of a job' });
    return id;
  })
  .meta({
    pattern: `^$|${LABEL.source}`,
    description: 'The id or the name of a job whose input is this one’s, too; it is copied. Blank: none.',
    example: 'python-3-12-6f1d2b',
  });

const zipOnlySchema = z.object({ job_parameters: z.object({ input_zip: inputZipSchema }) });
const urlOnlySchema = z.object({ job_parameters: z.object({ input_url: inputUrlSchema }) });
const fromOnlySchema = z.object({ job_parameters: z.object({ input_from: inputFromSchema }) });

/** What can be read of the input in a request that has faults. */
export function inputIn(body: unknown): GivenInput {
  return {
    inputZip: zipOnlySchema.safeParse(body).data?.job_parameters.input_zip,
    inputUrl: urlOnlySchema.safeParse(body).data?.job_parameters.input_url,
    inputFrom: fromOnlySchema.safeParse(body).data?.job_parameters.input_from,
  };
}

/** The faults that only the rules, or a look into the zip, show. */
export async function inputIssues(given: GivenInput, rules: InputRules): Promise<Issue[]> {
  const { inputZip, inputUrl, inputFrom, parameters = {} } = given;
  const { isPart, limitsOf } = rules;
  const faults = {
    input_zip: inputZip && (isPart ? BESIDE_PART : await zipFault(inputZip, limitsOf?.(parameters))),
    input_url: inputUrl && (isPart ? BESIDE_PART : inputZip ? BESIDE_ZIP : bucketFault(inputUrl, rules)),
    input_from: inputFrom && (isPart ? BESIDE_PART : inputZip ? BESIDE_ZIP : inputUrl ? BESIDE_URL : undefined),
  };
  return Object.entries(faults).flatMap(([field, message]) =>
    message === undefined ? [] : [{ code: 'custom', path: ['job_parameters', field], message }],
  );
}

const BESIDE_PART = 'Must be absent when the input comes as a part';
const BESIDE_ZIP = 'Must be absent when there is an input_zip';
const BESIDE_URL = 'Must be absent when there is an input_url';

function bucketFault({ bucketName }: InputUrl, { inputBuckets }: InputRules): string | undefined {
  return inputBuckets.includes(bucketName) ? undefined : 'Must name a bucket that inputs may be taken from';
}

function parseInputUrl(url: string): InputUrl | undefined {
  const [, bucketName = '', object = ''] = GS_URL.exec(url) ?? [];
  const isValid = object !== '' && object.isWellFormed() && Buffer.byteLength(object) <= MAX_OBJECT_BYTES;
  return isValid ? { url, bucketName, object } : undefined;
}

/** White space is allowed, as encoders break lines. */
function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replaceAll(/\s+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64');
}
