import type { Access } from './access.ts';

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

/** `Content-Disposition` for any name: an ASCII approximation, and the exact name as RFC 6266 encodes it. */
function attachment(name: string): string {
  const approximation = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  const exact = encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${approximation}"; filename*=UTF-8''${exact}`;
}
