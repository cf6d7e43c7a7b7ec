import type { Access, ObjectMetadata } from './access.ts';

/** How long a URL works, and what a browser calls the file. */
export interface SignedUrlOptions {
  /** From now, in milliseconds; at most 7 days. */
  readonly expiresMs: number;
  /** File name that a browser saves as. Absent: the last part of the object's name. */
  readonly downloadName?: string;
}

/** Signs a V4 GET URL with the service account's own key; no request is made. */
export async function signUrl(access: Access, object: string, options: SignedUrlOptions): Promise<string> {
  const { expiresMs, downloadName } = options;
  const bucket = await access.library();
  const [url] = await bucket.file(object).getSignedUrl({
    version: 'v4',
    action: 'read',
    expires: Date.now() + expiresMs,
    ...(downloadName === undefined ? {} : { responseDisposition: attachment(downloadName) }),
  });
  return url;
}

/** How long an upload may be started by a URL, and what is started. */
export interface SignedUploadOptions {
  /** From now, in milliseconds; at most 7 days. */
  readonly expiresMs: number;
  /** Default `application/zip`. */
  readonly contentType?: string;
}

/**
 * Signs a V4 POST URL by which who has it may start uploads of this one object, which take its place.
 * See https://cloud.google.com/storage/docs/xml-api/post-object-resumable
 */
export async function signUploadUrl(access: Access, object: string, options: SignedUploadOptions): Promise<string> {
  const { expiresMs, contentType = 'application/zip' } = options;
  const [bucket, metadata] = await Promise.all([access.library(), access.metadata()]);
  const [url] = await bucket.file(object).getSignedUrl({
    version: 'v4',
    action: 'resumable',
    expires: Date.now() + expiresMs,
    contentType,
    extensionHeaders: metadataHeaders(metadata),
    // An emulator looks for the name where the JSON API has it.
    ...(access.isEmulator && { queryParams: { name: object } }),
  });
  return url;
}

/** Custom metadata as the XML API has it: as headers, which are signed. */
export function metadataHeaders({ instance }: ObjectMetadata): Record<string, string> {
  return instance === undefined ? {} : { 'x-goog-meta-instance': instance };
}

/** `Content-Disposition` for any name: an ASCII approximation, and the exact name as RFC 6266 encodes it. */
function attachment(name: string): string {
  const approximation = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  const exact = encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${approximation}"; filename*=UTF-8''${exact}`;
}
