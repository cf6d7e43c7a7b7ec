import type {
  V1ContainerState,
  V1ContainerStatus,
  V1Job,
  V1JobCondition,
  V1Pod,
  V1PodCondition,
} from '@kubernetes/client-node';
import fc from 'fast-check';

/** Objects of Kubernetes as nobody has thought of them: fields are missing, names and reasons are known or not. */

const anyTime = fc.integer({ min: 0, max: 100 }).map((seconds) => new Date(1_527_121_793_000 + seconds * 1000));
const anyText = fc.oneof(
  fc.constantFrom('', 'not found', '{"ok":false}', '{"ok":true,"sizeBytes":1}', '{'),
  fc.string(),
);
const anyStatus = fc.constantFrom('True', 'False', 'Unknown');
const optional = { requiredKeys: [] };

const anyState: fc.Arbitrary<V1ContainerState> = fc.oneof(
  fc
    .record(
      {
        reason: fc.constantFrom(
          'ErrImagePull',
          'InvalidImageName',
          'CrashLoopBackOff',
          'ContainerCreating',
          'toString',
        ),
        message: anyText,
      },
      optional,
    )
    .map((waiting) => ({ waiting })),
  fc.constant({ running: {} }),
  fc
    .record(
      {
        exitCode: fc.oneof(fc.constantFrom(0, 1, 137, 143), fc.integer({ min: -1, max: 300 })),
        reason: fc.constantFrom('Completed', 'Error', 'OOMKilled', 'StartError', 'ContainerStatusUnknown', 'Novel'),
        message: anyText,
        signal: fc.integer({ min: 0, max: 70 }),
        finishedAt: anyTime,
      },
      { requiredKeys: ['exitCode'] },
    )
    .map((terminated) => ({ terminated })),
  fc.constant({}),
);

const anyStatusOf = (...names: readonly string[]): fc.Arbitrary<V1ContainerStatus[]> =>
  fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...names), state: anyState }, { requiredKeys: ['name'] }).map((status) => ({
      image: 'image',
      imageID: '',
      ready: false,
      restartCount: 0,
      ...status,
    })),
    { selector: ({ name }) => name, maxLength: 3 },
  );

/** Conditions that the service reads; of each type there is one at most. */
const anyCondition = (types: readonly string[], reasons: readonly string[]) =>
  fc.uniqueArray(
    fc.record(
      { type: fc.constantFrom(...types), status: anyStatus, reason: fc.constantFrom(...reasons), message: anyText },
      { requiredKeys: ['type', 'status'] },
    ),
    { selector: ({ type }) => type, maxLength: 4 },
  );

const anyJobCondition: fc.Arbitrary<V1JobCondition[]> = anyCondition(
  ['Complete', 'Failed', 'FailureTarget', 'SuccessCriteriaMet', 'Suspended'],
  ['BackoffLimitExceeded', 'DeadlineExceeded', 'PodFailurePolicy', 'Novel'],
);

const anyPodCondition: fc.Arbitrary<V1PodCondition[]> = anyCondition(
  ['PodScheduled', 'DisruptionTarget', 'Ready'],
  ['Unschedulable', 'DeletionByTaintManager', 'PreemptionByScheduler', 'Novel'],
);

/** A condition of a type that the service knows nothing of. */
export const anyNovelCondition = fc.record({ type: fc.constantFrom('Novel', 'Newer', ''), status: anyStatus });

export const anyJob: fc.Arbitrary<V1Job> = fc.record(
  {
    metadata: fc.constant({ uid: 'task-uid', labels: {} }),
    spec: fc.record({ suspend: fc.boolean(), activeDeadlineSeconds: fc.nat({ max: 100 }), template: fc.constant({}) }),
    status: fc.record({ conditions: anyJobCondition, startTime: anyTime }, optional),
  },
  { requiredKeys: ['metadata'] },
);

const anyMetadata = fc.record(
  {
    uid: fc.constantFrom('pod-a', 'pod-b'),
    creationTimestamp: anyTime,
    deletionTimestamp: anyTime,
    deletionGracePeriodSeconds: fc.nat({ max: 60 }),
    // Most are of the Job, some of another, some of none.
    ownerReferences: fc
      .constantFrom('task-uid', 'task-uid', 'task-uid', 'another')
      .map((uid) => [{ apiVersion: 'batch/v1', kind: 'Job', name: 'job', uid }]),
  },
  optional,
);

export const anyPod: fc.Arbitrary<V1Pod> = fc.record(
  {
    metadata: anyMetadata,
    spec: fc.record({
      nodeName: fc.constant('node-1'),
      containers: fc.constant([{ name: 'task', resources: { limits: { memory: '64Mi' } } }]),
    }),
    status: fc.record(
      {
        phase: fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'),
        reason: fc.constantFrom('Evicted', 'NodeLost', 'Novel'),
        message: anyText,
        conditions: anyPodCondition,
        containerStatuses: anyStatusOf('task', 'sidecar', 'istio-proxy'),
        initContainerStatuses: anyStatusOf('input', 'init-of-somebody'),
      },
      optional,
    ),
  },
  optional,
);
