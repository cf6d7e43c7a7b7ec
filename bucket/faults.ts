/** Which of the storage library's errors pass by themselves, and which answer stands in an error. */

const TRANSIENT_STATUSES: readonly number[] = [408, 429, 500, 502, 503, 504];

const TRANSIENT_CODES: readonly string[] = [
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
];

/** HTTP status that `error` or one of its causes carries, if any. */
export function statusOf(error: unknown): number | undefined {
  return codesOf(error)
    .map(Number)
    .find((code) => code >= 100 && code < 600);
}

/**
 * True when the same request may well succeed a little later: the network, or a server that is busy.
 * A refused connection counts: a pod's network may come up after its first container.
 */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return TRANSIENT_STATUSES.includes(status);
  return codesOf(error).some((code) => TRANSIENT_CODES.includes(code));
}

/** `code` and `status` of the error and of its causes, from the outside in. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  const seen = new Set<unknown>();
  for (let at = error; typeof at === 'object' && at !== null && !seen.has(at); at = (at as ErrorOptions).cause) {
    seen.add(at);
    const { code, status } = at as { code?: unknown; status?: unknown };
    codes.push(...[status, code].filter((value) => value !== undefined).map(String));
  }
  return codes;
}
