import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadApiConfig } from '../../../config.ts';

for (const name of ['API_START_WAIT', 'API_KILL_WAIT']) {
  test(`is 90 seconds: ${name}`, () => {
    assert.doesNotThrow(() => loadApiConfig([], { GC_BUCKET_NAME: 'files', [name]: '90' }));
    assert.throws(() => loadApiConfig([], { GC_BUCKET_NAME: 'files', [name]: '91' }), /must be at most 90 seconds/);
  });
}
