import { crc32 } from 'node:zlib';
import type { PageKey } from '../store/selection.ts';

/** The checksum tells a text that was cut or mistyped from one of ours; it keeps nobody from making one. */
const CURSOR = /^(\d{1,16}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\d{1,10})$/;

/** The place of a job in a list, as a text that clients hand back unread. */
export function formatCursor({ created, id }: PageKey): string {
  const place = `${created} ${id}`;
  return Buffer.from(`${place} ${crc32(place)}`).toString('base64url');
}

/** The place that a cursor names; undefined when {@link formatCursor} did not make the text. */
export function parseCursor(text: string): PageKey | undefined {
  const [place, created, id = ''] = CURSOR.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (place === undefined) return undefined;
  const key = { created: Number(created), id };
  return formatCursor(key) === text ? key : undefined;
}
