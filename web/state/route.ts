/** Which page an address means. It stands behind the `#`, so that a server of files is enough. */

/** What is shown. */
export type Route =
  | { readonly page: 'jobs'; readonly query: URLSearchParams }
  | { readonly page: 'job'; readonly id: string }
  | { readonly page: 'new'; readonly from: string | undefined };

/** The route of what stands behind the `#`; the list for what means nothing. */
export function routeOf(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const query = new URLSearchParams(search);
  const [, page, id = ''] = path.split('/');
  if (page === 'jobs' && id !== '') return { page: 'job', id: decodeURIComponent(id) };
  if (page === 'new') return { page: 'new', from: query.get('from') ?? undefined };
  return { page: 'jobs', query };
}

/** Address of a job's page. */
export function jobHref(id: string): string {
  return `#/jobs/${encodeURIComponent(id)}`;
}

/** Address of the list with these filters; empty ones are left out. */
export function listHref(filters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''));
  return query.size === 0 ? '#/' : `#/?${query.toString()}`;
}
