import type { Readable } from 'node:stream';
import { ApiException, HttpMethod, RequestContext } from '#kubernetes-client';
import type { KubeConfig } from '@kubernetes/client-node';
import { getGlobalDispatcher, request } from 'undici';
import { gatherStream } from './gathered-stream.ts';

/**
 * A log that is followed and silent for longer is broken off, and its reader goes on with another stream: a task may say nothing for hours,
 * and a request for each of thousands of them every five minutes, as is the default, would be many. Watches are looked after by who
 * reads them. All else that is asked for has an end, and comes without pauses.
 */
const LONGEST_SILENCE_MS = 7_200_000;

/**
 * Opens a GET of the API server as a stream of bytes: for watches and logs, which the typed client reads whole. With `leastBytes` it is handed
 * over when so many have come, or no more will: see {@link gatherStream}.
 */
export type OpenStream = (
  path: string,
  query: Record<string, string>,
  signal?: AbortSignal,
  leastBytes?: number,
) => Promise<Readable>;

/**
 * Of a list: what the objects say of themselves, without the rest, which is half of a pod.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export const METADATA_ALONE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/**
 * @param accept the form that is asked for; by default objects as they are
 * @returns a function that resolves once the API server has answered 200, or with what is asked for
 * @throws ApiException for every other answer
 */
export function createOpenStream(kubeConfig: KubeConfig, accept?: string): OpenStream {
  const server = kubeConfig.getCurrentCluster()?.server ?? '';
  return async (path, query, signal, leastBytes) => {
    const url = `${server}${path}?${new URLSearchParams(query).toString()}`;
    const context = new RequestContext(url, HttpMethod.GET);
    if (accept !== undefined) context.setHeaderParam('Accept', accept);
    await kubeConfig.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher() ?? getGlobalDispatcher();
    const options = { headers: context.getHeaders(), ...(isEndless(query) && { bodyTimeout: LONGEST_SILENCE_MS }) };
    if (leastBytes !== undefined) {
      const { origin, pathname, search } = new URL(url);
      const whole = { origin, path: `${pathname}${search}`, method: 'GET', ...options } as const;
      return gatherStream(dispatcher, whole, { leastBytes, signal });
    }
    // Not `fetch`, which takes twice the memory of a stream.
    const { statusCode, statusText, body } = await request(url, {
      ...options,
      dispatcher,
      ...(signal && { signal }),
    });
    if (statusCode !== 200) throw new ApiException(statusCode, statusText, await body.text(), {});
    // Whoever reads learns of an error; a stream that nobody reads yet, or any more, must not end the process by one.
    return body.on('error', () => undefined);
  };
}

function isEndless(query: Record<string, string>): boolean {
  return query['follow'] === 'true' || query['watch'] === 'true';
}
