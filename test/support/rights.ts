import { AuthorizationV1Api } from '@kubernetes/client-node';
import type { KubeConfig, V1PolicyRule, V1ResourceAttributes } from '@kubernetes/client-node';
import { runTool } from './tools.ts';

/** What somebody may do on a cluster, as the cluster itself says. */

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;

/** A deed: a verb on a kind of object, or on the one of this name. */
export type Deed = Required<Pick<V1ResourceAttributes, 'group' | 'resource' | 'verb'>> &
  Pick<V1ResourceAttributes, 'subresource' | 'name'>;

interface Served {
  readonly groupVersion: string;
  readonly resources: readonly { readonly name: string }[];
}

/** Every verb on everything that the API server serves, with all subresources. */
export async function listDeeds(): Promise<readonly Deed[]> {
  const groups = JSON.parse(await rawGet('/apis')) as {
    readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
  };
  const paths = ['/api/v1', ...groups.groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const served = await Promise.all(paths.map(async (path) => JSON.parse(await rawGet(path)) as Served));
  return served.flatMap(({ groupVersion, resources }) => {
    const group = groupVersion.includes('/') ? (groupVersion.split('/')[0] ?? '') : '';
    return resources.flatMap(({ name }) => VERBS.map((verb) => deedOf(group, name, verb)));
  });
}

/** @returns what the cluster says of each deed in `namespace`, to whoever `kubeConfig` is */
export async function mayDo(
  kubeConfig: KubeConfig,
  namespace: string,
  deeds: readonly Deed[],
): Promise<readonly boolean[]> {
  const authorization = kubeConfig.makeApiClient(AuthorizationV1Api);
  const ask = async (deed: Deed) => {
    const spec = { resourceAttributes: { ...deed, namespace } };
    return (await authorization.createSelfSubjectAccessReview({ body: { spec } })).status?.allowed === true;
  };
  const answers: boolean[] = [];
  for (let at = 0; at < deeds.length; at += CONCURRENCY)
    answers.push(...(await Promise.all(deeds.slice(at, at + CONCURRENCY).map(ask))));
  return answers;
}

/** True when one of the rules of a role allows the deed. */
export function isAllowedBy(
  rules: readonly V1PolicyRule[],
  { group, resource, subresource, verb, name }: Deed,
): boolean {
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return rules.some(
    ({ apiGroups = [], resources = [], verbs, resourceNames = [] }) =>
      apiGroups.includes(group) &&
      resources.includes(path) &&
      verbs.includes(verb) &&
      (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name))),
  );
}

/** Each single deed that the rules allow. */
export function deedsOf(rules: readonly V1PolicyRule[]): readonly Deed[] {
  return rules.flatMap(({ apiGroups = [], resources = [], verbs, resourceNames = [undefined] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((path) =>
        verbs.flatMap((verb) =>
          resourceNames.map((name) => ({ ...deedOf(group, path, verb), ...(name !== undefined && { name }) })),
        ),
      ),
    ),
  );
}

/** The deed as a person reads it. */
export function wordsOf({ group, resource, subresource, verb, name }: Deed): string {
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return [verb, group === '' ? path : `${path}.${group}`, name].filter((word) => word !== undefined).join(' ');
}

const CONCURRENCY = 20;

function deedOf(group: string, path: string, verb: string): Deed {
  const [resource = '', subresource] = path.split('/');
  return { group, resource, verb, ...(subresource !== undefined && { subresource }) };
}

async function rawGet(path: string): Promise<string> {
  return await runTool('kubectl', 'get', '--raw', path);
}
