import type { Access } from './access.ts';

/** An object as a list shows it; `generation` names this very content. */
export interface ListedObject {
  readonly object: string;
  readonly generation: number;
  /** When this content was written whole, in epoch milliseconds; NaN when the server does not say it. */
  readonly createdMs: number;
  /** The deployment that wrote it; absent when it does not say. */
  readonly instance?: string;
}

/** All objects that begin with `prefix`, sorted by name. */
export async function listObjects(access: Access, prefix: string): Promise<ListedObject[]> {
  const bucket = await access.library();
  const [files] = await bucket.getFiles({ prefix });
  const objects = files.map(({ name, metadata: { generation, timeCreated, metadata } }) => ({
    object: name,
    generation: Number(generation),
    createdMs: Date.parse(timeCreated ?? ''),
    ...(typeof metadata?.['instance'] === 'string' && { instance: metadata['instance'] }),
  }));
  return objects.sort((a, b) => (a.object < b.object ? -1 : 1));
}
