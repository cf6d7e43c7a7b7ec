/** Image references, by the grammar of github.com/distribution/reference. */

const MAX_NAME_LENGTH = 255;
const MAX_REFERENCE_LENGTH = 600;

const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = `${PATH_PART}(?:/${PATH_PART})*`;
const TAG = '[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const NAME = `(?:${DOMAIN}/)?${PATH}`;
const REFERENCE = new RegExp(`^(${NAME})(?::${TAG})?(?:@${DIGEST})?$`);

/** What {@link isImageReference} lets pass, as JSON Schema says it. */
export const IMAGE_JSON_SCHEMA = {
  maxLength: MAX_REFERENCE_LENGTH,
  pattern: `^(?=[^@]{1,${MAX_NAME_LENGTH}}(?::${TAG})?(?:@|$))${NAME}(?::${TAG})?(?:@${DIGEST})?$`,
};

/** True when a container runtime can read `reference`: `[host[:port]/]path[:tag][@digest]`. */
export function isImageReference(reference: string): boolean {
  if (reference.length > MAX_REFERENCE_LENGTH) return false;
  const name = REFERENCE.exec(reference)?.[1];
  return name !== undefined && name.length <= MAX_NAME_LENGTH;
}

/** The last part of the image's path, without tag and digest: `python` of `docker.io/library/python:3.12`. */
export function imageBaseName(reference: string): string {
  const withoutDigest = reference.split('@', 1).join('');
  const lastPart = withoutDigest.slice(withoutDigest.lastIndexOf('/') + 1);
  return lastPart.split(':', 1).join('');
}
