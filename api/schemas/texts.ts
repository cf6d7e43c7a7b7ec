/** Texts that can be handed to a process, and what checks of several fields share. */
import { z } from 'zod';

/** Most bytes of all environment variables, and of all arguments. */
export const MAX_TEXT_BYTES = 128 * 1024;

/** What {@link textFault} lets pass, as JSON Schema says it. */
export const TEXT_JSON_SCHEMA = { type: 'string', pattern: '^[^\\u0000]*$' };

/** An object whose values are looked at one by one. */
export const objectOfAnything = z.record(z.string(), z.unknown());

/** What is wrong with a text, or undefined. Neither a NUL nor half of a surrogate pair can be handed to a process. */
export function textFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'Must be a string';
  if (value.includes('\0')) return 'Must not contain a NUL character';
  return value.isWellFormed() ? undefined : 'Must be well-formed Unicode';
}

/** Bytes of all texts among `texts`, with one for the end of each. */
export function byteLength(texts: readonly unknown[]): number {
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) + 1 : 0), 0);
}

/** Most faults in one answer. */
export const MAX_FAULTS = 100;

/** Says what is wrong at `path` of what is checked; what goes beyond {@link MAX_FAULTS} by more than one is not kept. */
export function fault(context: z.RefinementCtx, path: PropertyKey[], message: string): void {
  if (context.issues.length <= MAX_FAULTS) context.addIssue({ code: 'custom', path, message });
}
