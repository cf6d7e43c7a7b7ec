import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { certificateFolder } from '../../../deploy/local/certificates.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import type { Closing } from '../../support/scope.ts';

/** All that any container ever says, and when it does. */
const LINE = 'done';
const STAMP = '2026-01-01T00:00:00.000000000Z';

/** Logs of the pods of a fake node. */
export interface FakeLogs {
  /** To be told of each change of a pod: a log that is followed is over when its container no longer runs. */
  notice(pod: V1Pod, isRunning: boolean): void;
}

/**
 * Answers for the kubelet where the API server asks it for logs, until `scope` ends: one line, after which a follower hears nothing more
 * for as long as the container runs. So the service holds as many streams as on a real node.
 */
export async function playLogs(scope: Closing, profile: Profile): Promise<FakeLogs> {
  const followers = new Map<string, Set<Http2ServerResponse>>();
  const ended = new Set<string>();
  const file = (ending: string) => readFile(join(certificateFolder(profile), `kubelet-server.${ending}`));
  const identity = { key: await file('key'), cert: await file('crt') };
  const server = createSecureServer({ ...identity, allowHTTP1: true }, (request, response) => {
    const podName = answer(request, response);
    if (podName === undefined || ended.has(podName)) return void response.end();
    const open = followers.get(podName) ?? new Set();
    followers.set(podName, open.add(response));
    response.on('close', () => open.delete(response));
  });
  server.listen(profile.ports.kubelet, '127.0.0.1');
  await once(server, 'listening');
  scope.after(() => void server.close());

  return {
    notice({ metadata }, isRunning) {
      const podName = metadata?.name ?? '';
      if (isRunning) return;
      ended.add(podName);
      followers.get(podName)?.forEach((response) => response.end());
      followers.delete(podName);
    },
  };
}

/** Begins the answer. @returns the pod whose log is followed; undefined when that was all */
function answer(request: Http2ServerRequest, response: Http2ServerResponse): string | undefined {
  const { pathname, searchParams } = new URL(request.url, 'https://node');
  const [, kind, , podName] = pathname.split('/');
  response.writeHead(kind === 'containerLogs' ? 200 : 404, { 'content-type': 'text/plain' });
  const isNew = !searchParams.has('sinceTime');
  if (isNew) response.write(searchParams.get('timestamps') === 'true' ? `${STAMP} ${LINE}\n` : `${LINE}\n`);
  return searchParams.get('follow') === 'true' ? podName : undefined;
}
