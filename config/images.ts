/** Which images an operator allows: patterns, and what makes two references the same image. */

const DOMAIN_PART = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = `(?:${DOMAIN}/)?${PATH_PART}(?:/${PATH_PART})*`;
const PATTERN = new RegExp(
  `^(?:(${REPOSITORY})|((?:${REPOSITORY}|${DOMAIN})/)\\*)(?::([a-zA-Z0-9_.*-]{1,128}))?(?:@(sha(?:256|384|512):[0-9a-f]{64,128}))?$`,
);

const DEFAULT_REGISTRY = 'docker.io';
const DEFAULT_FOLDER = 'library/';
const DEFAULT_TAG = 'latest';

/** Images that a job may run. */
export interface ImagePattern {
  /** With its registry; of a folder, all that stands before its repositories. */
  readonly repository: string;
  /** True for all repositories below, however deep. */
  readonly isFolder: boolean;
  /** What `:tag` or `@digest` must be; any without it. */
  readonly version?: RegExp;
}

/**
 * Reads `[registry/]path[:tag][@digest]`, or `[registry/][path/]*` for a whole folder. In a tag `*` stands for any characters.
 * @returns undefined for what is no pattern
 */
export function parseImagePattern(text: string): ImagePattern | undefined {
  const [match, repository, folder, tag, digest] = PATTERN.exec(text) ?? [];
  if (match === undefined) return undefined;
  const version = digest === undefined ? tag && `:${tag}` : `@${digest}`;
  return {
    repository: folder === undefined ? canonical(repository ?? '', DEFAULT_FOLDER) : canonical(folder, ''),
    isFolder: folder !== undefined,
    ...(version !== undefined && { version: anythingFor(version) }),
  };
}

/** True when one of the patterns allows the image `reference`, which must be a valid one. */
export function isImageAllowed(reference: string, patterns: readonly ImagePattern[]): boolean {
  const image = imageOf(reference);
  return patterns.some(({ repository, isFolder, version }) => {
    const isThere = isFolder ? image.repository.startsWith(repository) : image.repository === repository;
    return isThere && (version === undefined || version.test(image.version));
  });
}

/** Beside a digest no runtime looks at the tag: it proves nothing, and is left aside. */
function imageOf(reference: string) {
  const [named = '', digest] = reference.split('@', 2);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const [name, tag] = colon < 0 ? [named, DEFAULT_TAG] : [named.slice(0, colon), named.slice(colon + 1)];
  return {
    repository: canonical(name, DEFAULT_FOLDER),
    version: digest === undefined ? `:${tag}` : `@${digest}`,
  };
}

/**
 * A name as runtimes complete it: `python` is `docker.io/library/python`.
 * @param folder of Docker Hub, for what is in none
 * @see https://github.com/distribution/reference/blob/main/normalize.go
 */
function canonical(name: string, folder: string): string {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const hasRegistry = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const [registry, path] = hasRegistry ? [first, name.slice(slash + 1)] : [DEFAULT_REGISTRY, name];
  if (registry !== DEFAULT_REGISTRY && registry !== `index.${DEFAULT_REGISTRY}`) return `${registry}/${path}`;
  return `${DEFAULT_REGISTRY}/${path.includes('/') ? '' : folder}${path}`;
}

function anythingFor(version: string): RegExp {
  const parts = version.split(/\*+/).map((part) => part.replaceAll(/[.]/g, '\\.'));
  return new RegExp(`^${parts.join('.*')}$`);
}
