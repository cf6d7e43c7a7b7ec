/** Rules over several settings: pure functions of what was given. */
import { isIPv4 } from 'node:net';
import { excessOf, largestResources } from './limits.ts';
import type { Raw } from './read.ts';
import { resources } from './values.ts';

/** Settings of both processes that contradict each other. */
export function conflicts(raw: Raw): string[] {
  const needsUrl = ['KUBERNETES_API_KEY', 'KUBERNETES_CA_FILE'].filter(
    (name) => raw[name] && !raw['KUBERNETES_API_URL'],
  );
  const besideUri = ['MONGODB_HOST', 'MONGODB_PORT'].filter((name) => raw[name] && raw['MONGODB_URI']);
  return [
    ...needsUrl.map((name) => `${name} is of no use without KUBERNETES_API_URL`),
    ...besideUri.map((name) => `${name} contradicts MONGODB_URI: give one of the two`),
  ];
}

/** Nothing is encrypted without a key. */
export function encryptionFaults(raw: Raw): string[] {
  const lacksKeys = raw['TEMPORAL_ENCRYPTION'] === 'true' && raw['ENCRYPTION_KEYS'] === undefined;
  return lacksKeys ? ['TEMPORAL_ENCRYPTION=true needs ENCRYPTION_KEYS'] : [];
}

/** What a job gets that says nothing must be what a job may ask for. */
export function defaultFaults(raw: Raw): string[] {
  const standard = resources.safeParse(raw['JOB_DEFAULT_RESOURCES'] ?? '{}').data ?? {};
  const largest = largestResources.safeParse(raw['JOB_MAX_RESOURCES'] ?? '{}').data ?? {};
  const asked = Object.values(standard).flatMap((list) => Object.entries(list ?? {}));
  const names = asked.filter(([name, quantity]) => excessOf(name, quantity, largest) !== undefined);
  return [...new Set(names.map(([name]) => `JOB_DEFAULT_RESOURCES has more ${name} than JOB_MAX_RESOURCES`))];
}

/** What is taken, but leads nowhere: said once at the start. No value is shown, as it may hold a password. */
export function warningsOf(raw: Raw): string[] {
  return raw['CELERY_BROKER_URL'] === undefined
    ? []
    : ['CELERY_BROKER_URL is ignored: there is no Celery any more, and TEMPORAL_ADDRESS takes its place'];
}

/** A job is code execution: without keys only this machine may ask for it. */
export function exposureFaults(raw: Raw): string[] {
  const host = raw['API_HOST'];
  if (host === undefined || isLoopback(host) || raw['API_AUTH'] !== undefined) return [];
  return [
    `API_HOST ${host} lets everybody who reaches it run code on the cluster, as nobody is asked for a key: ` +
      'say API_AUTH=keys, listen on 127.0.0.1, or say API_AUTH=none if something else guards the way',
  ];
}

/** Whoever may name objects of our own bucket may name those of others. */
export function inputFaults(raw: Raw): string[] {
  const isAsked = raw['API_AUTH'] !== undefined && raw['API_AUTH'] !== 'none';
  const names = (raw['INPUT_BUCKETS'] ?? '').split(',').map((name) => name.trim());
  return isAsked && names.includes(raw['GC_BUCKET_NAME'] ?? '')
    ? ['INPUT_BUCKETS must not hold GC_BUCKET_NAME with API_AUTH: every owner could take outputs of all others']
    : [];
}

/** Workers tell the API alone which jobs have changed. */
export function workerFaults(raw: Raw): string[] {
  if (raw['WORKER_URL'] === undefined || raw['WORKER_TOKEN'] !== undefined) return [];
  return ['WORKER_URL is of no use without WORKER_TOKEN, which the workers ask for: give both of them the same'];
}

/** Tokens need an issuer whom nobody on the way can play. */
export function oidcFaults(raw: Raw): string[] {
  if (!raw['API_AUTH']?.split(',').some((method) => method.trim() === 'oidc')) return [];
  const missing = ['OIDC_ISSUER', 'OIDC_AUDIENCE'].filter((name) => raw[name] === undefined);
  const issuer = URL.parse(raw['OIDC_ISSUER'] ?? '');
  const isOpen = issuer?.protocol === 'http:' && !isLoopback(issuer.hostname.replaceAll(/[[\]]/g, ''));
  return [
    ...missing.map((name) => `API_AUTH=oidc needs ${name}`),
    ...(isOpen ? ['OIDC_ISSUER must be an https URL'] : []),
  ];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
