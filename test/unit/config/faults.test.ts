import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigError, HelpRequested, loadApiConfig, loadWorkerConfig } from '../../../config.ts';

function faultsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults;
  }
  return [];
}

describe('a configuration with faults', () => {
  test('is refused with all of them at once', () => {
    const env = {
      API_PORT: 'x',
      MONGODB_URI: 'http://a',
      KUBERNETES_API_KEY: 'k',
      JOB_START_TIMEOUT: '0',
      API_HOST: '::',
    };
    const faults = faultsOf(() => loadApiConfig(['--log-level', 'loud', '--what', 'now'], env));
    const about = faults.map((fault) => fault.split(' ').slice(0, 3).join(' '));
    assert.deepEqual(about.sort(), [
      'API_HOST :: lets',
      'API_PORT must be',
      'GC_BUCKET_NAME is required',
      'JOB_START_TIMEOUT must be',
      'KUBERNETES_API_KEY is of',
      'LOG_LEVEL must be',
      'MONGODB_URI must start',
      'unknown argument --what',
      'unknown argument now',
    ]);
  });

  test('is refused for what Temporal finds, and what the other process reads, together with all else', () => {
    const env = { JOB_CLAIM_SIZE: 'much', TEMPORAL_ADDRESS: 'http://a', TEMPORAL_PROFILE: 'p', API_PORT: 'x' };
    const faults = { api: faultsOf(() => loadApiConfig([], env)), worker: faultsOf(() => loadWorkerConfig([], env)) };
    const about = faults.api.map((fault) => fault.split(' ', 1)[0]);
    assert.deepEqual(about.sort(), ['API_PORT', 'GC_BUCKET_NAME', 'JOB_CLAIM_SIZE', 'TEMPORAL_*:', 'TEMPORAL_ADDRESS']);
    assert.deepEqual(faults.worker, faults.api);
  });

  test('never shows a value, which may be a secret', () => {
    const env = { GC_BUCKET_NAME: 'b', MONGODB_URI: 'mysql://u:hunter2@h', API_MAX_BODY_BYTES: 'hunter2' };
    const faults = faultsOf(() => loadApiConfig([], env));
    assert.equal(faults.length, 2);
    assert.ok(!faults.join().includes('hunter2'));
  });

  test('names the two ways to MongoDB that contradict each other', () => {
    const env = { GC_BUCKET_NAME: 'b', MONGODB_URI: 'mongodb://h/', MONGODB_HOST: 'i', MONGODB_PORT: '1' };
    const faults = faultsOf(() => loadWorkerConfig([], env));
    assert.deepEqual(
      faults.map((fault) => fault.split(' ', 1)[0]),
      ['MONGODB_HOST', 'MONGODB_PORT'],
    );
  });

  test('says that a flag lacks its value', () => {
    const faults = faultsOf(() => loadWorkerConfig(['--gc-bucket-name'], {}));
    assert.match(faults.join(), /--gc-bucket-name/);
  });
});

describe('--help', () => {
  test('lists every setting with its default, even when the environment is at fault', () => {
    assert.throws(
      () => loadApiConfig(['--help'], { API_PORT: 'x' }),
      (error) => error instanceof HelpRequested && /--api-port <value>\s+API_PORT: .*4898/.test(error.message),
    );
  });

  test('lists the settings of both processes, and where Temporal is, for either', () => {
    for (const load of [loadApiConfig, loadWorkerConfig]) {
      assert.throws(
        () => load(['--help'], {}),
        (error) =>
          error instanceof HelpRequested &&
          ['--api-port', '--job-claim-size', '--temporal-address', '--celery-broker-url', 'localhost:7233'].every(
            (text) => error.message.includes(text),
          ),
      );
    }
  });
});
