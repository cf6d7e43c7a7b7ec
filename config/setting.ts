/** Forms of a setting: its rule, and its line of help with its default. */
import type { z } from 'zod';

/** A setting that may be absent. */
export function optional<T>(type: z.ZodType<T, string>, description: string): z.ZodOptional<z.ZodType<T, string>> {
  return type.optional().meta({ description });
}

/** A setting without which nothing starts. */
export function required<T>(type: z.ZodType<T, string>, description: string): z.ZodType<T, string> {
  return type.meta({ description: `${description} (required)` });
}

/** A setting that is `fallback` when it is absent. */
export function withDefault<T>(
  type: z.ZodType<T, string>,
  fallback: string,
  description: string,
): z.ZodPrefault<z.ZodType<T, string>> {
  return type.prefault(fallback).meta({ description: `${description} (default: ${fallback})` });
}
