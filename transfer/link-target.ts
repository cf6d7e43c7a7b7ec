import { zipNameOf } from './zip-names.ts';

/** Longest target of a link in bytes: what Linux takes. */
export const MAX_TARGET_BYTES = 4095;

/**
 * Why a link is neither packed nor restored; undefined for a relative link that stays inside the folder. `..` is allowed at the beginning of
 * a target alone: behind a name it would start from wherever another link of this name leads.
 * @param name of the link, relative to the folder, with `/` between the parts
 */
export function linkFault(name: string, target: Buffer): string | undefined {
  const text = target.toString();
  if (text.startsWith('/')) return 'is an absolute link';
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const names = ups === -1 ? [] : parts.slice(ups);
  const depth = name.split('/').length - 1;
  if (parts.length - names.length > depth || names.includes('..')) return 'is a link that leads out of the folder';
  return isPortable(target, names) ? undefined : 'is a link to a name that is another one in a zip';
}

function isPortable(target: Buffer, names: readonly string[]): boolean {
  const isText = Buffer.from(target.toString()).equals(target) && !target.includes(0);
  return isText && target.length > 0 && names.every((part) => zipNameOf(Buffer.from(part)) === part);
}
