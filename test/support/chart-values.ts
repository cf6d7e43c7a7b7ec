import type { Values } from './helm.ts';

/** Values that a person may have, by what they are about. */

/** The least that the chart asks for. */
export const LEAST: Values = { settings: { GC_BUCKET_NAME: 'batch-files' } };

/** All that can be said. */
export const EVERYTHING: Values = {
  images: {
    service: 'registry.example.com/service:1',
    transfer: 'registry.example.com/transfer:1',
    pullPolicy: 'Always',
    pullSecrets: [{ name: 'registry' }],
  },
  settings: {
    GC_BUCKET_NAME: 'batch-files',
    TEMPORAL_ADDRESS: 'temporal.temporal.svc:7233',
    API_MAX_INPUT_BYTES: 10_737_418_240,
    JOB_MAX_RESOURCES: '{"cpu": "8", "memory": "32Gi"}',
  },
  secrets: {
    MONGODB_URI: { name: 'database', key: 'uri' },
    ENCRYPTION_KEYS: { name: 'keys', key: 'encryption' },
  },
  secretFiles: { GC_CREDENTIALS_FILE_PATH: { name: 'bucket', key: 'key.json' } },
  jobs: {
    podSecurity: 'restricted',
    nodeSelector: { pool: 'jobs' },
    tolerations: [{ key: 'dedicated', value: 'jobs', effect: 'NoSchedule' }],
    allowed: {
      priorityClasses: ['low', 'high'],
      queues: ['*'],
      tolerations: ['gpu=a:NoSchedule'],
      podLabels: ['example.com/team'],
    },
    runtimeClass: 'gvisor',
    hostUsers: false,
    networkPolicy: {
      closedRanges: ['34.118.224.0/20', '2600:1f13::/36'],
      openRanges: ['10.20.30.40/32', 'fd00:1234::40/128'],
      openPeers: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'storage' } } }],
      nameServers: ['169.254.20.10/32'],
    },
  },
  api: {
    replicas: 3,
    settings: { API_START_WAIT: 0.5, API_TRUSTED_PROXIES: 1, WORKER_URL: '', LOG_LEVEL: 'info' },
    serviceAccountAnnotations: { 'iam.gke.io/gcp-service-account': 'api@example.iam.gserviceaccount.com' },
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'service', operator: 'Exists' }],
  },
  worker: {
    settings: { BUCKET_CREDENTIALS: 'signed-urls', GC_BUCKET_NAME: 'other-files' },
    autoscaling: { enabled: true, maxReplicas: 9 },
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'service', operator: 'Exists' }],
  },
  networkPolicy: { callers: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }] },
  ingress: {
    enabled: true,
    className: 'nginx',
    host: 'jobs.example.com',
    tlsSecret: 'jobs-tls',
    annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '10g' },
  },
  monitoring: { serviceMonitor: true, prometheusRule: true, labels: { release: 'prometheus' } },
};

/** A second release for the same jobs, of workers alone. */
export const WORKERS_ALONE: Values = {
  ...LEAST,
  jobs: { createNamespace: false, networkPolicy: { enabled: false } },
  api: { replicas: 0 },
  worker: { settings: { WORKER_BUILD_ID: 'v2' } },
};

/** Where other things guard the way. */
export const WITHOUT_POLICIES: Values = {
  ...LEAST,
  jobs: { namespace: 'batch', admissionPolicy: { enabled: false }, networkPolicy: { enabled: false } },
  networkPolicy: { enabled: false },
};
