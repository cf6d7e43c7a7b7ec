import assert from 'node:assert/strict';
import { entriesOf, zipOf } from './zip-entries.ts';
import { aName, downloadOutput, logOf, runJob, shellJob } from './job-client.ts';
import { assertWorldAfter } from './world.ts';

const ODD_FILES = {
  'plain.txt': { content: 'plain\n' },
  'with space and "quotes" \'both\'.txt': { content: 'quotes' },
  '-leading-dash': { content: 'dash' },
  'ünïcödé-日本-🚀.txt': { content: 'utf-8 ✓' },
  'deep/er/and/deeper/file': { content: 'deep' },
  'run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
  'read-only': { content: 'look', mode: 0o444 },
  'empty-file': { content: '' },
  'empty-folder/': {},
};

/** What must hold of every way by which inputs and outputs may go, by the sentence that says it. */
export const ROUND_TRIPS: Readonly<Record<string, () => Promise<void>>> = {
  'what a job copies from /input to /output comes back with its names, its contents, its modes and its empty folder':
    async () => {
      const name = aName('round-trip');
      const job = await runJob(
        name,
        shellJob('cp -a /input/. /output/ && ls -la /output && echo copied'),
        await zipOf(ODD_FILES),
      );

      assert.equal(job.status, 'succeeded', JSON.stringify(job));
      assert.equal(job.exit_code, 0);
      const output = await entriesOf(await downloadOutput(job));
      for (const [path, { content = '', mode }] of Object.entries(ODD_FILES) as [
        string,
        { content?: string; mode?: number },
      ][]) {
        assert.ok(output[path], `${path} is missing of ${Object.keys(output).join(', ')}`);
        assert.equal(output[path].content, content);
        if (mode) assert.equal(output[path].mode, mode, path);
      }
      assert.ok(job.output && job.output.complete && job.output.bytes > 0);
      assert.match(await logOf(job.id), /copied\n$/);
      await assertWorldAfter(job);
    },

  'a job cannot write into its own input': async () => {
    const script = 'if touch /input/x 2>/dev/null; then exit 9; fi; echo protected > /output/result';
    const job = await runJob(aName('read-only'), shellJob(script), await zipOf({ a: { content: 'a' } }));
    assert.equal(job.status, 'succeeded', JSON.stringify(job));
    await assertWorldAfter(job);
  },

  'a file that only its owner may read comes back from its claim, with that mode': async () => {
    const script =
      'echo secret > /output/private; chmod 600 /output/private; mkdir -m 700 /output/closed; echo in > /output/closed/file';
    const job = await runJob(aName('private'), shellJob(script, { storage: { mode: 'persistent' } }));
    assert.equal(job.status, 'succeeded', JSON.stringify(job));
    const output = await entriesOf(await downloadOutput(job));
    assert.deepEqual(output['private'], { content: 'secret\n', mode: 0o600 });
    assert.equal(output['closed/file']?.content, 'in\n');
    await assertWorldAfter(job);
  },
};
