import type { Access, ObjectMetadata } from './access.ts';
import { exchange } from './http.ts';
import { withPatience } from './patience.ts';
import { foundIn, objectUrl } from './stat.ts';
import type { Found } from './stat.ts';

/** An object of any bucket that our credentials may read; of ours when none is named. */
export interface NamedObject {
  readonly bucketName?: string;
  readonly object: string;
}

/** One content of it. */
export interface CopySource extends NamedObject {
  readonly generation: number;
}

/** What a copy says of itself. */
export interface CopyResource {
  readonly contentType: string;
  readonly metadata: ObjectMetadata;
}

/**
 * Copies `source` into a new object `to` of our bucket, within the storage: in one request, or as many as the storage wants for a large one.
 * Answers what it made. Rejects with status 412 when `to` exists, 404 when the source does not, or another content of it.
 * See https://cloud.google.com/storage/docs/json_api/v1/objects/rewrite
 * @param resource takes the place of all that the source says of itself; by default the copy says the same
 */
export async function copyObject(
  access: Access,
  source: CopySource,
  to: string,
  resource?: CopyResource,
): Promise<Found> {
  const path = `${sourceUrl(access, source)}/rewriteTo/b/${encodeURIComponent(access.bucketName)}/o/${encodeURIComponent(to)}`;
  const conditions = { sourceGeneration: String(source.generation), ifGenerationMatch: '0' };
  for (let token = {}; ;) {
    const url = `${path}?${new URLSearchParams({ ...conditions, ...token })}`;
    const answer = await post(access, url, resource ?? {});
    if (answer.done === true) return foundIn(to, JSON.stringify(answer.resource));
    token = { rewriteToken: answer.rewriteToken };
  }
}

function sourceUrl(access: Access, { bucketName = access.bucketName, object }: CopySource): string {
  return objectUrl({ ...access, bucketName }, object);
}

/** What the storage says of a copy that is under way, or done. */
interface RewriteAnswer {
  readonly done?: unknown;
  readonly rewriteToken?: string;
  readonly resource?: unknown;
}

async function post(access: Access, url: string, body: object): Promise<RewriteAnswer> {
  const request = async () =>
    exchange({
      method: 'POST',
      url,
      headers: { ...(await access.authorization()), 'content-type': 'application/json' },
      body: [Buffer.from(JSON.stringify(body))],
    });
  return JSON.parse((await withPatience(request, { limitMs: access.patienceMs })).body) as RewriteAnswer;
}
