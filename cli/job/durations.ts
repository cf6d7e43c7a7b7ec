/** Durations as people write them. */
import parse from 'parse-duration';
import { UsageError } from '../errors.ts';

/** Whole seconds: of `90`, `90s`, `15m` or `1h30m`. @throws UsageError for anything else, and for less than one */
export function secondsOf(text: string, option: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.round(parse(text, 's') ?? Number.NaN);
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new UsageError(`${option} must be a duration like 90s, 15m or 1h30m, not ${JSON.stringify(text)}.`);
  }
  return seconds;
}
