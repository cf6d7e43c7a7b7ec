import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadApiConfig, loadWorkerConfig } from '../../../config.ts';

const MINIMUM = { GC_BUCKET_NAME: 'files' };

describe('a configuration', () => {
  test('has the defaults of the public contract, but listens on loopback', () => {
    const config = loadApiConfig([], MINIMUM);
    assert.equal(config.host, '127.0.0.1');
    assert.equal(config.port, 4898);
    assert.equal(config.logLevel, 'warn');
    assert.equal(config.synchronizationIntervalMs, 30_000);
    assert.deepEqual(config.kubernetes, { namespace: 'default' });
    assert.deepEqual(config.bucket, { bucketName: 'files' });
  });

  test('takes a flag before the environment', () => {
    const config = loadApiConfig(['--api-port', '1', '--gc-bucket-name=other'], { ...MINIMUM, API_PORT: '2' });
    assert.equal(config.port, 1);
    assert.equal(config.bucket.bucketName, 'other');
  });

  test('takes an empty value as absent', () => {
    const config = loadApiConfig([], {
      ...MINIMUM,
      API_PORT: '',
      KUBERNETES_API_URL: ' ',
      GC_CREDENTIALS_FILE_PATH: '',
    });
    assert.equal(config.port, 4898);
    assert.deepEqual(config.kubernetes, { namespace: 'default' });
    assert.deepEqual(config.bucket, { bucketName: 'files' });
  });

  test('turns seconds into milliseconds, parts of seconds too', () => {
    const config = loadApiConfig([], {
      ...MINIMUM,
      API_START_WAIT: '0',
      API_KILL_WAIT: '1.5',
      JOB_START_TIMEOUT: '60',
    });
    assert.deepEqual([config.startWaitMs, config.killWaitMs, config.jobStartTimeoutMs], [0, 1500, 60_000]);
  });

  test('takes a JSON body of 2 MiB unless something else is said', () => {
    assert.equal(loadApiConfig([], MINIMUM).maxBodyBytes, 2 * 1024 ** 2);
  });

  test('is frozen to its depth', () => {
    const config = loadWorkerConfig([], MINIMUM);
    assert.ok(Object.isFrozen(config) && Object.isFrozen(config.kubernetes) && Object.isFrozen(config.mongo));
  });

  for (const [given, level] of Object.entries({
    WARNING: 'warn',
    CRITICAL: 'fatal',
    info: 'info',
    Warn: 'warn',
    NOTSET: 'trace',
  })) {
    test(`takes the log level ${given} as ${level}`, () => {
      assert.equal(loadWorkerConfig(['--log-level', given], MINIMUM).logLevel, level);
    });
  }
});

describe('MongoDB', () => {
  test('is found by host and port', () => {
    const { mongo } = loadWorkerConfig([], {
      ...MINIMUM,
      MONGODB_HOST: '::1',
      MONGODB_PORT: '1',
      MONGODB_DATABASE: 'd',
    });
    assert.deepEqual(mongo, { uri: 'mongodb://[::1]:1', database: 'd' });
  });

  test('is found by a connection string, whose database counts unless one is said', () => {
    const uri = 'mongodb://u:p@a,b/from%20uri?replicaSet=r';
    assert.deepEqual(loadWorkerConfig([], { ...MINIMUM, MONGODB_URI: uri }).mongo, { uri, database: 'from uri' });
    assert.equal(loadWorkerConfig(['--mongodb-database', 'x'], { ...MINIMUM, MONGODB_URI: uri }).mongo.database, 'x');
    assert.notEqual(loadWorkerConfig([], { ...MINIMUM, MONGODB_URI: 'mongodb://a/?x=y' }).mongo.database, '');
  });
});

describe('Temporal', () => {
  const NOWHERE = { ...MINIMUM, TEMPORAL_CONFIG_FILE: '/nowhere.toml' };

  test('is on this machine unless something else is said', () => {
    const { connectionOptions, namespace } = loadWorkerConfig([], NOWHERE).temporal;
    assert.deepEqual([connectionOptions.address, namespace], ['localhost:7233', 'default']);
  });

  for (const load of [loadApiConfig, loadWorkerConfig]) {
    test(`is found by its own names, and by flags before them, as ${load.name} reads them`, () => {
      const env = { ...NOWHERE, TEMPORAL_ADDRESS: 'a:1', TEMPORAL_NAMESPACE: 'n', TEMPORAL_API_KEY: 'k', X: undefined };
      const { connectionOptions, namespace } = load(['--temporal-address', 'b:2'], env).temporal;
      assert.deepEqual([connectionOptions.address, connectionOptions.apiKey, namespace], ['b:2', 'k', 'n']);
      assert.equal(load(['--temporal-namespace=m'], env).temporal.namespace, 'm');
    });
  }
});

describe('both processes', () => {
  const env = {
    ...MINIMUM,
    API_HOST: '0.0.0.0',
    API_AUTH: 'none',
    API_PORT: '1',
    JOB_CLAIM_SIZE: '1Gi',
    CELERY_BROKER_URL: 'amqp://user:hunter2@broker',
  };
  const flags = ['--api-port', '2', '--job-claim-size', '2Gi', '--celery-broker-url', 'redis://:hunter2@broker'];

  test('take the names and flags of each other', () => {
    assert.equal(loadApiConfig(flags, env).port, 2);
    assert.equal(loadWorkerConfig(flags, env).claimSize, '2Gi');
    assert.deepEqual([loadApiConfig([], env).port, loadWorkerConfig([], env).claimSize], [1, '1Gi']);
  });

  test('say once that a Celery broker is ignored, without its password', () => {
    for (const load of [loadApiConfig, loadWorkerConfig]) {
      for (const { warnings } of [load(flags, MINIMUM), load([], env)]) {
        assert.equal(warnings.length, 1);
        assert.match(warnings.join(), /^CELERY_BROKER_URL is ignored: .*TEMPORAL_ADDRESS/);
        assert.doesNotMatch(warnings.join(), /hunter2/);
      }
      assert.deepEqual(load([], MINIMUM).warnings, []);
    }
  });
});

describe('the reconciliation', () => {
  test('is every ten minutes, of what is an hour old, unless something else is said', () => {
    const { reconcileIntervalMs, reconcileGraceMs } = loadWorkerConfig([], MINIMUM);
    assert.deepEqual([reconcileIntervalMs, reconcileGraceMs], [600_000, 3_600_000]);
    const other = loadWorkerConfig(['--reconcile-interval', '60'], { ...MINIMUM, RECONCILE_GRACE: '90' });
    assert.deepEqual([other.reconcileIntervalMs, other.reconcileGraceMs], [60_000, 90_000]);
  });

  test('is not more often than each second, nor without a grace', () => {
    const env = { ...MINIMUM, RECONCILE_INTERVAL: '0.5', RECONCILE_GRACE: '0' };
    assert.throws(() => loadWorkerConfig([], env), /RECONCILE_INTERVAL must be at least 1 second[^]*RECONCILE_GRACE/);
  });
});

describe('the buckets that inputs may be taken from', () => {
  test('are none by default, and as many as are named', () => {
    assert.deepEqual(loadApiConfig([], MINIMUM).inputBuckets, []);
    const config = loadApiConfig(['--input-buckets', 'one, two.example'], MINIMUM);
    assert.deepEqual(config.inputBuckets, ['one', 'two.example']);
    for (const buckets of ['one,', 'gs://one', 'One']) {
      assert.throws(
        () => loadApiConfig(['--input-buckets', buckets], MINIMUM),
        /INPUT_BUCKETS must be names of buckets/,
      );
    }
  });
});

describe('the version of a worker', () => {
  test('is none, or one of the deployment that is named', () => {
    assert.equal(loadWorkerConfig([], MINIMUM).version, undefined);
    const { version } = loadWorkerConfig(['--worker-build-id', '1.2.3'], MINIMUM);
    assert.deepEqual(version, { deploymentName: 'kubernetes-task-runner', buildId: '1.2.3' });
    const other = loadWorkerConfig([], { ...MINIMUM, WORKER_BUILD_ID: 'a', WORKER_DEPLOYMENT_NAME: 'other' });
    assert.deepEqual(other.version, { deploymentName: 'other', buildId: 'a' });
  });

  test('is not what Temporal would refuse', () => {
    for (const [name, value] of [
      ['WORKER_BUILD_ID', '__unversioned__'],
      ['WORKER_BUILD_ID', 'v 1'],
      ['WORKER_DEPLOYMENT_NAME', 'a.b'],
      ['WORKER_DEPLOYMENT_NAME', 'a:b'],
    ] as const)
      assert.throws(() => loadWorkerConfig([], { ...MINIMUM, [name]: value }), new RegExp(`${name} must be`));
  });
});
