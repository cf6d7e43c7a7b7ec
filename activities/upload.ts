import { inputObjectOf } from '../bucket/objects.ts';
import type { StoredObject } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeat.ts';

/** Gives the spooled input its final name `<name>-input.zip`, checked by size and checksum. */
export function createUpload({ bucket }: ActivityDeps) {
  return async function upload(name: string, spooled: StoredObject): Promise<StoredObject> {
    return await heartbeating(bucket.promote(spooled, inputObjectOf(name)));
  };
}
