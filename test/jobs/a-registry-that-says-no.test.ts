import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aName, runJob } from '../support/job-client.ts';
import type { Access } from '../support/registry.ts';
import { startRegistry } from '../support/registry.ts';
import { assertWorldAfter } from '../support/world.ts';
import { TROUBLE_GRACE_MS } from '../../workflows/verdict.ts';

const CASES: readonly { readonly access: Access; readonly reason: string; readonly what: string }[] = [
  { access: 'anybody', reason: 'ImageNotFound', what: 'that it does not know the image' },
  { access: 'who has the password', reason: 'ImageUnauthorized', what: 'that we may not have the image' },
];

describe('a registry is believed after a grace when it says', { concurrency: 2 }, () => {
  for (const { access, reason, what } of CASES) {
    test(what, async (context) => {
      const { host } = await startRegistry(context, access);
      const job = await runJob(aName('registry'), { docker_image: `${host}/team/none:1` });
      assert.deepEqual([job.status, job.failure?.reason], ['failed', reason], JSON.stringify(job));
      assert.match(job.failure?.message ?? '', /team\/none/);
      const lastedMs = (job.stop_time ?? 0) - job.created;
      // Long before the start deadline, which is 15 minutes away.
      assert.ok(lastedMs >= TROUBLE_GRACE_MS && lastedMs < 5 * TROUBLE_GRACE_MS, `${lastedMs} ms`);
      await assertWorldAfter(job);
    });
  }
});
