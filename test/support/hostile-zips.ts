/** Zips that mean harm, or are broken as one that means harm would be; each is made byte by byte. */
import { HOSTILE_ENTRIES } from './hostile-zips/entries.ts';
import type { HostileZip } from './hostile-zips/hostile-zip.ts';
import { HOSTILE_STRUCTURES } from './hostile-zips/structures.ts';

/** Each by what it is. */
export const HOSTILE_ZIPS: Readonly<Record<string, HostileZip>> = { ...HOSTILE_ENTRIES, ...HOSTILE_STRUCTURES };
