import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadApiConfig } from '../../../config.ts';

const listenOn = (API_HOST: string, API_AUTH?: string) =>
  loadApiConfig([], { GC_BUCKET_NAME: 'b', API_HOST, API_AUTH });

describe('the API without keys', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1']) {
    test(`listens on ${host}`, () => {
      assert.equal(listenOn(host).host, host);
    });
  }

  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'example.com']) {
    test(`refuses ${host} in one sentence that names the way out`, () => {
      assert.throws(() => listenOn(host), /API_AUTH=none/);
    });

    for (const auth of ['none', 'keys']) {
      test(`listens on ${host} when API_AUTH=${auth} is said`, () => {
        assert.equal(listenOn(host, auth).host, host);
      });
    }
  }
});
