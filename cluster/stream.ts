import { Readable } from 'node:stream';
import { ApiException, HttpMethod, RequestContext } from '@kubernetes/client-node';
import type { KubeConfig } from '@kubernetes/client-node';
import { fetch } from 'undici';

/** Opens a GET of the API server as a stream of bytes: for watches and logs, which the typed client reads whole. */
export type OpenStream = (path: string, query: Record<string, string>, signal?: AbortSignal) => Promise<Readable>;

/**
 * @returns a function that resolves once the API server has answered 200
 * @throws ApiException for every other answer
 */
export function createOpenStream(kubeConfig: KubeConfig): OpenStream {
  const server = kubeConfig.getCurrentCluster()?.server;
  return async (path, query, signal) => {
    const url = `${server}${path}?${new URLSearchParams(query).toString()}`;
    const context = new RequestContext(url, HttpMethod.GET);
    await kubeConfig.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher();
    const response = await fetch(url, {
      headers: context.getHeaders(),
      ...(dispatcher && { dispatcher }),
      ...(signal && { signal }),
    });
    if (!response.ok || !response.body) {
      throw new ApiException(response.status, response.statusText, await response.text(), {});
    }
    // Whoever reads learns of an error; a stream that nobody reads yet, or any more, must not end the process by one.
    return Readable.fromWeb(response.body).on('error', () => undefined);
  };
}
