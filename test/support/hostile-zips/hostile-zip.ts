import type { RawEntry } from '../raw-zips.ts';

/** A zip, and what its refusal says. */
export interface HostileZip {
  readonly zip: Buffer;
  readonly refusal: RegExp;
  /** False: only its contents or its headers give it away, not its directory. */
  readonly isListed: boolean;
}

/** Its directory gives it away. */
export function listed(zip: Buffer, refusal: RegExp): HostileZip {
  return { zip, refusal, isListed: true };
}

/** Only its contents or its headers give it away. */
export function hidden(zip: Buffer, refusal: RegExp): HostileZip {
  return { zip, refusal, isListed: false };
}

export const GOOD: RawEntry = { name: 'good', content: 'x' };
export const LONG: RawEntry = { name: 'long', content: 'z'.repeat(10_000), isDeflated: true };
export const LARGE: RawEntry = { name: 'large', content: Buffer.alloc(300_000, 'large '), isDeflated: true };
export const LINK: RawEntry = { name: 'link', content: '/etc', mode: 0o120777 };
export const FOLDER = 0o40755;
