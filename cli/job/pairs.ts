/** Options of the form `NAME=VALUE`. */
import { UsageError } from '../errors.ts';

/** An object of all pairs; the last of a name counts. @throws UsageError for what has no name or no `=` */
export function pairsOf(texts: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(texts.map((text) => pairOf(text, option)));
}

/** Name and value around the first `=`. */
export function pairOf(text: string, option: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`${option} must be NAME=VALUE, not ${JSON.stringify(text)}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}
