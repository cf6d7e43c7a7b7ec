/** What the value of a setting may be, and what is made of it. */
import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { parseJson } from './json.ts';
import { isSubdomain } from './labels.ts';
import { MAX_TIMEOUT_SECONDS } from '../workflows/parameters.ts';

/** Log levels of pino. */
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Pod Security levels that pods of jobs can keep to. */
const POD_SECURITY_LEVELS = ['baseline', 'restricted'] as const;
export type PodSecurity = (typeof POD_SECURITY_LEVELS)[number];

/** How the pods of jobs prove to the bucket who they are. */
const BUCKET_CREDENTIALS = ['secret', 'signed-urls'] as const;
export type BucketCredentials = (typeof BUCKET_CREDENTIALS)[number];

const PYTHON_LEVELS: Readonly<Record<string, LogLevel>> = {
  critical: 'fatal',
  warning: 'warn',
  notset: 'trace',
};

export const text = z.string();
export const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
/** Of something that every address of a host has, which no certificate names. */
export const openUrl = z.url({ protocol: /^http$/, error: 'must be an http URL' });
export const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number of seconds')
  .transform((value) => Number(value) * 1000);
export const positiveSeconds = seconds.refine((ms) => ms > 0, 'must be more than 0 seconds');
/** How long a part of a job may take. */
export const jobSeconds = positiveSeconds.refine((ms) => ms <= MAX_TIMEOUT_SECONDS * 1000, {
  error: `must be at most ${MAX_TIMEOUT_SECONDS} seconds`,
});
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);
export const bytes = wholeNumber.refine((value) => value > 0, 'must be more than 0 bytes');
export const files = wholeNumber.refine((value) => value > 0, 'must be more than 0 files');
export const count = wholeNumber.refine((value) => value > 0, 'must be more than 0');
export const port = wholeNumber.refine((value) => value <= 65535, 'must be a port, 0 to 65535');
export const logLevel = z
  .string()
  .transform((value) => PYTHON_LEVELS[value.toLowerCase()] ?? value.toLowerCase())
  .pipe(z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}, critical, warning, notset` }));
export const namespace = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be the name of a Kubernetes namespace');
export const hostAndPort = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:.]+\]|[^\s/:[\]]+)(?::\d{1,5})?$/, 'must be a host and a port, like localhost:7233');
/** Without ports, and addresses without brackets. */
export const hostNames = z
  .string()
  .transform((value) => value.split(',').map((name) => name.trim()))
  .refine((names) => names.every((name) => isIPv6(name) || /^[a-z0-9._-]{1,253}$/i.test(name)), {
    error: 'must be names or addresses without ports, like runner.example.com,10.0.0.5, separated by commas',
  });
export const deploymentName = z
  .string()
  .regex(/^(?!__)[^\s.:]{1,100}$/, 'must be a name without dots, colons and spaces, of 100 characters at most');
export const buildId = z.string().regex(/^(?!__)\S{1,100}$/, 'must be without spaces, and have 100 characters at most');
/** The name of an object of the cluster: an RFC 1123 subdomain. */
export const objectName = z.string().refine(isSubdomain, 'must consist of lower case letters, digits, dashes and dots');
export const trueOrFalse = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');
export const image = z.string().regex(/^\S+$/, 'must be an image reference, without spaces');

export const storageQuantity = z
  .string()
  .regex(/^[1-9]\d*(Ki|Mi|Gi|Ti|k|M|G|T)?$/, 'must be a Kubernetes quantity of storage');
export const bucketCredentials = z.enum(BUCKET_CREDENTIALS, {
  error: `must be one of ${BUCKET_CREDENTIALS.join(', ')}`,
});
export const podSecurity = z.enum(POD_SECURITY_LEVELS, { error: `must be one of ${POD_SECURITY_LEVELS.join(', ')}` });

const quantities = z.record(z.string(), z.union([z.string(), z.number()]).transform(String));
const resourcesFault = 'must be JSON like {"limits": {"memory": "1Gi"}, "requests": {"cpu": "500m"}}';
/** Limits and requests of a container. */
export const resources = z
  .string()
  .transform(parseJson)
  .pipe(z.strictObject({ limits: quantities.optional(), requests: quantities.optional() }, { error: resourcesFault }))
  .transform(({ limits, requests }) => ({ ...(limits && { limits }), ...(requests && { requests }) }));

export const bucketNames = z
  .string()
  .transform((value) => value.split(',').map((name) => name.trim()))
  .refine((names) => names.every((name) => /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name)), {
    error: 'must be names of buckets, separated by commas',
  });

export const encryptionKeys = z
  .string()
  .transform((value) => value.split(',').map((key) => key.trim()))
  .refine((keys) => keys.every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key)), {
    error: 'must be 32 bytes in Base64, like the output of `openssl rand -base64 32`, or several of them by comma',
  })
  .transform((keys) => keys.map((key) => Buffer.from(key, 'base64')));

export const internalToken = z
  .string()
  .regex(
    /^[A-Za-z0-9._~+/=-]{32,200}$/,
    'must have 32 to 200 characters of a token, like the output of `openssl rand -hex 32`',
  );

/** Ways to say who one is. */
const AUTH_METHODS = ['keys', 'oidc'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

export const authMethods = z
  .string()
  .transform((value) => (value === 'none' ? [] : value.split(',').map((method) => method.trim())))
  .pipe(z.array(z.enum(AUTH_METHODS, { error: "must be 'keys', 'oidc', both by comma, or 'none'" })));

/** Signatures by a key pair. What a public key could forge, as HS256 would be, or nobody signs, is not among them. */
const SIGNATURE_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
export const algorithms = z
  .string()
  .transform((value) => value.split(',').map((name) => name.trim()))
  .refine((names) => names.every((name) => SIGNATURE_ALGORITHMS.includes(name)), {
    error: `must be some of ${SIGNATURE_ALGORITHMS.join(', ')}, by comma`,
  });
export const claim = z.string().regex(/^[!-~]{1,200}$/, 'must be the name of a claim');

export const ownerSecrets = z
  .string()
  .transform(parseJson)
  .pipe(
    z.record(z.string(), z.array(z.string()), {
      error: 'must be JSON like {"alice": ["db", "s3/key"], "*": ["public"]}',
    }),
  );
