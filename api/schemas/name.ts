import { z } from 'zod';
import { imageBaseName } from './image.ts';

/** Room for the longest prefix and suffix that our objects on the cluster add, and for the pod's own suffix. */
export const MAX_NAME_LENGTH = 50;

const CLEANUP_SUFFIX = '-cleanup';

export const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** The id or the name of a job in an address. Another text names no job. */
export const idSchema = z.string().max(63).regex(LABEL);

/** What {@link nameFault} lets pass, and blank names, as a pattern; white space around a name is cut off. */
export const NAME_PATTERN = `^(?![\\s\\S]*${CLEANUP_SUFFIX}\\s*$)\\s*(?:[a-z0-9](?:[a-z0-9-]{0,${MAX_NAME_LENGTH - 2}}[a-z0-9])?)?\\s*$`;

/** What is wrong with a job's name, or undefined. */
export function nameFault(name: string): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return `Must be at most ${MAX_NAME_LENGTH} characters`;
  if (!isLabel(name)) {
    return 'Must consist of lower case letters, digits and dashes, and start and end with a letter or digit';
  }
  // The cleanup of the job `x` is a Kubernetes Job called `x-cleanup`.
  return name.endsWith(CLEANUP_SUFFIX)
    ? `Must not end in ${CLEANUP_SUFFIX}: it would meet another job's cleanup`
    : undefined;
}

/** True for an RFC 1123 label. */
export function isLabel(text: string): boolean {
  return idSchema.safeParse(text).success;
}

/** The name of a job that came without: `python-1527121792553`. Valid for every valid image. */
export function deriveName(image: string, created: number, maxLength = MAX_NAME_LENGTH): string {
  const suffix = `-${created}`;
  const base = imageBaseName(image)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, maxLength - suffix.length)
    .replaceAll(/^-+|-+$/g, '');
  return (base || 'job') + suffix;
}
