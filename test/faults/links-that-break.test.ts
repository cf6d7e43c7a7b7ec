import assert from 'node:assert/strict';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, describe, test } from 'node:test';
import { ApiException } from '@kubernetes/client-node';
import { Agent, fetch } from 'undici';
import { loadKubeConfig } from '../../cluster/connect.ts';
import { createOpenStream } from '../../cluster/stream.ts';
import { testProfile } from '../../deploy/local/profile.ts';
import { required } from '../support/environment.ts';
import { aName } from '../support/job-client.ts';
import type { LinkBlow } from './fault.ts';
import { openLinks } from './links.ts';
import type { Links } from './links.ts';

/** What a client of the bucket sees of each fault. */
const SEEN = {
  cut: 'refused',
  reset: 'broken off',
  silent: 'silence',
  unanswered: 'silence',
  'truncated there': 'broken off',
  'truncated back': 'broken off',
  'answering 429': '429',
  'answering 503': '503',
} satisfies Partial<Record<LinkBlow, string>>;

const WAIT_MS = 3_000;
const CONTENT = 'x'.repeat(100_000);

describe('links break as they are told to, and are whole again', () => {
  let links: Links;
  before(async () => {
    links = await openLinks(testProfile(join(import.meta.dirname, '..', '..')));
  });
  afterEach(() => links.heal());
  after(() => links.close());

  /** Writes an object and reads it: the last answer's status, or what went wrong. */
  async function seen(): Promise<string> {
    const dispatcher = new Agent();
    const bucket = `storage/v1/b/${required('GC_BUCKET_NAME')}/o`;
    const [endpoint, name] = [links.environment['GC_API_ENDPOINT'], aName('links')];
    const send = async (path: string, init: { method: string; body?: string }) => {
      const response = await fetch(`${endpoint}/${path}`, {
        ...init,
        dispatcher,
        signal: AbortSignal.timeout(WAIT_MS),
      });
      await response.text();
      return response;
    };
    try {
      const written = await send(`upload/${bucket}?uploadType=media&name=${name}`, { method: 'POST', body: CONTENT });
      return String(
        written.ok ? (await send(`${bucket}/${name}?alt=media`, { method: 'GET' })).status : written.status,
      );
    } catch (error) {
      return outcomeOf(error);
    } finally {
      await dispatcher.destroy();
    }
  }

  async function openWatch(): Promise<AsyncIterable<Uint8Array>> {
    const namespace = required('KUBERNETES_NAMESPACE');
    const kubeConfig = loadKubeConfig({ namespace, kubeconfigPath: links.environment['KUBECONFIG'] ?? '' });
    return await createOpenStream(kubeConfig)(`/api/v1/namespaces/${namespace}/pods`, { watch: 'true' });
  }

  for (const [blow, outcome] of Object.entries(SEEN) as [keyof typeof SEEN, string][]) {
    test(blow, async () => {
      assert.equal(await seen(), '200');
      await links.breakLink('gcs', blow);
      assert.equal(await seen(), outcome);
      await links.heal();
      assert.equal(await seen(), '200');
    });
  }

  test('slow', async () => {
    await links.breakLink('gcs', 'slow');
    const startedMs = Date.now();
    await seen();
    assert.ok(Date.now() - startedMs >= 1_000);
  });

  test('answering 410 to watches', async () => {
    const before410 = await openWatch();
    await links.breakLink('kube-apiserver', 'answering 410 to watches');
    await text(before410);
    await assert.rejects(openWatch(), (error) => error instanceof ApiException && error.code === 410);
    await links.heal();
    await openWatch();
  });

  test('ending watches by 410', async () => {
    await links.breakLink('kube-apiserver', 'ending watches by 410');
    const event = JSON.parse(await text(await openWatch())) as { type: string; object: { code: number } };
    assert.deepEqual([event.type, event.object.code], ['ERROR', 410]);
  });
});

/** How the client learns of a broken connection. */
const OUTCOMES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'broken off',
  UND_ERR_SOCKET: 'broken off',
};

/** What an error or one of its causes says; an answer that does not come in time is silence. */
function outcomeOf(error: unknown): string {
  const { name, code = '', cause } = error as Error & { code?: string };
  if (name === 'TimeoutError') return 'silence';
  return OUTCOMES[code] ?? (cause === undefined ? String(error) : outcomeOf(cause));
}
