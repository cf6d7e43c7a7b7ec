/**
 * Two owners may call their jobs alike. What is named after a job, its workflow, its objects on the cluster and in the bucket, is named
 * after the name that its owner gave it and after its owner: `words.u3kd8fa2`. No client can give a job a name with a dot.
 */
import { createHash } from 'node:crypto';
import { MAX_NAME_LENGTH } from '../schemas/name.ts';

/** Never a number alone: that stands for an attempt. */
const TAG_PREFIX = '.u';
const TAG_LENGTH = 7;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Most characters of a name that an owner gives. */
export const MAX_OWNED_NAME_LENGTH = MAX_NAME_LENGTH - TAG_PREFIX.length - TAG_LENGTH;

/** The name of the job that `owner` calls `given`; where nobody is asked who they are, what it is called. */
export function jobNameOf(owner: string | undefined, given: string): string {
  return owner === undefined ? given : given + TAG_PREFIX + tagOf(owner);
}

/** What the owner of the job called `name` calls it. */
export function givenNameOf(name: string): string {
  return name.split('.', 1)[0] ?? name;
}

/** Thirty-five bits: should two owners ever share a tag, they share a space of names, and nothing else. */
function tagOf(owner: string): string {
  const digest = createHash('sha256').update(owner).digest();
  return Array.from(digest.subarray(0, TAG_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
