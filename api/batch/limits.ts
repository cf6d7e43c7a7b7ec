/** What an operator allows a job to ask for: pure functions of its parameters and of the settings. */
import { isImageAllowed } from '../../config/images.ts';
import { isNoLimit, multiplied } from '../../cluster/quantity.ts';
import type { TreeLimits } from '../../config.ts';
import { excessOf } from '../../config/limits.ts';
import type { JobParameters, ResourceList, Resources } from '../../workflows/parameters.ts';
import type { ApiSettings } from '../deps.ts';
import type { Issue } from '../schemas/faults.ts';
import type { ZipLimits } from '../zip-directory.ts';

const NOT_ALLOWED = 'This image may not be run: ALLOWED_IMAGES of the service says which may';

/** What a container without a limit could use up. Of devices and huge pages a container without a limit has none. */
const SHARED_RESOURCES = ['cpu', 'memory'] as const;

/** As much as before is asked for of a node by a job that only got a limit: nothing. */
const NO_REQUEST = '0';

type Limits = Pick<ApiSettings, 'allowedImages' | 'jobMaxResources' | 'jobMaxRunTimeoutMs' | 'jobMaxStartTimeoutMs'>;

/** All that `parameters` ask for and that is not allowed, by its field. */
export function limitIssues(
  { docker_image, resources, storage, timeout_seconds, start_timeout_seconds }: JobParameters,
  { allowedImages, jobMaxResources = {}, jobMaxRunTimeoutMs = Infinity, jobMaxStartTimeoutMs }: Limits,
): Issue[] {
  const isForbidden = allowedImages !== undefined && !isImageAllowed(docker_image, allowedImages);
  const { limits = {}, requests = {} } = resources ?? {};
  return [
    ...(isForbidden ? [issue(['docker_image'], NOT_ALLOWED)] : []),
    ...timeoutIssues('timeout_seconds', timeout_seconds, jobMaxRunTimeoutMs),
    ...timeoutIssues('start_timeout_seconds', start_timeout_seconds, jobMaxStartTimeoutMs),
    ...excessIssues(['resources', 'limits'], limits, jobMaxResources),
    ...excessIssues(['resources', 'requests'], requests, jobMaxResources),
    ...(storage?.size === undefined ? [] : sizeIssues(storage.size, jobMaxResources)),
  ];
}

/**
 * The resources of a job that may not use up a node: where it sets no limit, the largest is its limit. That a job has a limit is no
 * reason to keep so much free for it, which Kubernetes does unless something else is asked for.
 */
export function withLargestLimits({ limits, requests }: Resources = {}, largest: ResourceList): Resources {
  const names = SHARED_RESOURCES.filter((name) => largest[name] !== undefined && isNoLimit(limits?.[name]));
  const added = Object.fromEntries(names.map((name) => [name, largest[name] ?? '']));
  const unasked = Object.fromEntries(names.map((name) => [name, NO_REQUEST]));
  if (names.length === 0) return { ...(limits && { limits }), ...(requests && { requests }) };
  return { limits: { ...limits, ...added }, requests: { ...unasked, ...requests } };
}

/** What may come out of the input of a job: no more than its claim has room for. */
export function zipLimitsOf(
  { storage }: Pick<JobParameters, 'storage'>,
  { claimSize, maxFiles, maxInputUnpackedBytes = Infinity }: TreeLimits,
): ZipLimits {
  const claimBytes = Number(multiplied(storage?.size ?? claimSize, 1));
  return { maxFiles, maxInputUnpackedBytes: Math.min(maxInputUnpackedBytes, claimBytes) };
}

/** How long the task of a job may run that says nothing, in milliseconds. */
export function standardRunTimeoutMs({
  jobRunTimeoutMs,
  jobMaxRunTimeoutMs = Infinity,
}: Pick<ApiSettings, 'jobRunTimeoutMs' | 'jobMaxRunTimeoutMs'>): number {
  return Math.min(jobRunTimeoutMs, jobMaxRunTimeoutMs);
}

/** How long a job that says nothing may take until its first container runs, in milliseconds. */
export function standardStartTimeoutMs({
  jobStartTimeoutMs,
  jobMaxStartTimeoutMs,
}: Pick<ApiSettings, 'jobStartTimeoutMs' | 'jobMaxStartTimeoutMs'>): number {
  return Math.min(jobStartTimeoutMs, jobMaxStartTimeoutMs);
}

function timeoutIssues(field: string, seconds = 0, mostMs: number): Issue[] {
  return seconds * 1000 > mostMs ? [issue([field], `Must be at most ${Math.floor(mostMs / 1000)}`)] : [];
}

function excessIssues(path: readonly string[], asked: ResourceList, largest: ResourceList): Issue[] {
  return Object.entries(asked).flatMap(([name, quantity]) => {
    const most = excessOf(name, quantity, largest);
    return most === undefined ? [] : [issue([...path, name], `Must be at most ${most}`)];
  });
}

function sizeIssues(size: string, largest: ResourceList): Issue[] {
  const most = excessOf('storage', size, largest);
  return most === undefined ? [] : [issue(['storage', 'size'], `Must be at most ${most}`)];
}

function issue(path: readonly string[], message: string): Issue {
  return { path: ['job_parameters', ...path], message };
}
