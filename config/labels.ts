/** Names, label keys and label values, as Kubernetes accepts them. */

const NAME = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const LABEL_NAME = new RegExp(`^${NAME}$`);
const LABELS_BY_DOT = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*';

/** The value of a label. */
export const LABEL_VALUE = new RegExp(`^(?:${NAME})?$`);
/** A name of a cluster's object: an RFC 1123 subdomain, without its length. */
export const SUBDOMAIN = new RegExp(`^${LABELS_BY_DOT}$`);
export const MAX_SUBDOMAIN_LENGTH = 253;
/** What {@link isLabelKey} lets pass, as a pattern without its start. */
export const KEY_PATTERN = `(?:(?=[^/]{1,${MAX_SUBDOMAIN_LENGTH}}/)${LABELS_BY_DOT}/)?${NAME}$`;

/** True for `name` or `prefix/name`, as Kubernetes writes keys of labels and taints. */
export function isLabelKey(key: string): boolean {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  return LABEL_NAME.test(name) && (prefix === undefined || isSubdomain(prefix)) && more.length === 0;
}

/** True for the name of an object, or the prefix of a label key. */
export function isSubdomain(text: string): boolean {
  return text.length <= MAX_SUBDOMAIN_LENGTH && SUBDOMAIN.test(text);
}
