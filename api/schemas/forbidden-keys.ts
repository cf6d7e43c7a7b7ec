import type { Issue } from './faults.ts';

const FORBIDDEN = '__proto__';

/** A fault for each key `__proto__`, at every depth: zod leaves it out of objects with any keys, so that it would vanish. */
export function forbiddenKeyIssues(value: unknown, path: readonly string[] = []): Issue[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = [...path, key];
    return key === FORBIDDEN ? [{ path: place, message: 'Must not be a key' }] : forbiddenKeyIssues(inner, place);
  });
}
