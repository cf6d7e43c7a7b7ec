/** What a client prefers, by the `Prefer` header of RFC 7240. */
export interface Preferences {
  /** Answer at once. */
  readonly respondAsync: boolean;
  /** Wait at most so long for the job to start, in milliseconds. */
  readonly waitMs?: number;
}

/** Reads a `Prefer` header. Unknown and malformed preferences are ignored, as the standard asks; the first of a name counts. */
export function parsePrefer(header: string): Preferences {
  const preferences = new Map<string, string>();
  for (const preference of header.split(',')) {
    const [name = '', value = ''] = preference.split(';', 1).join('').split('=', 2).map(trimmed);
    if (!preferences.has(name.toLowerCase())) preferences.set(name.toLowerCase(), value);
  }
  const wait = preferences.get('wait');
  const respondAsync = preferences.has('respond-async');
  return wait !== undefined && /^\d{1,6}$/.test(wait)
    ? { respondAsync, waitMs: Number(wait) * 1000 }
    : { respondAsync };
}

/** Longest wait that a client may prefer to a shorter default. */
const MAX_WAIT_MS = 60_000;

/** How long to wait, in milliseconds: what is preferred, at most a minute or `defaultMs`; `defaultMs` when nothing is said. */
export function waitOf(preferences: Preferences, defaultMs: number): number {
  if (preferences.waitMs !== undefined) return Math.min(preferences.waitMs, Math.max(MAX_WAIT_MS, defaultMs));
  return preferences.respondAsync ? 0 : defaultMs;
}

function trimmed(text: string): string {
  return text.trim().replaceAll(/^"|"$/g, '');
}
