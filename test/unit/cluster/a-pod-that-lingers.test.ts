import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import { lingers } from '../../../cluster/pod.ts';

const ended: V1ContainerState = { terminated: { exitCode: 3 } };
const running: V1ContainerState = { running: {} };

/** A pod of an init container and a main one. */
function aPod(input: V1ContainerState | undefined, task: V1ContainerState | undefined, phase = 'Running'): V1Pod {
  const statusOf = (name: string, state: V1ContainerState | undefined) =>
    state ? [{ name, state, image: '', imageID: '', ready: false, restartCount: 0 }] : [];
  return {
    spec: { initContainers: [{ name: 'input' }], containers: [{ name: 'task' }] },
    status: {
      phase,
      initContainerStatuses: statusOf('input', input),
      containerStatuses: statusOf('task', task),
    },
  };
}

const pods: Readonly<Record<string, readonly [V1Pod, boolean]>> = {
  'all of whose containers have ended': [aPod(ended, ended), true],
  'whose main container runs': [aPod(ended, running), false],
  'whose init container runs': [aPod(running, { waiting: {} }), false],
  'whose main container has not begun': [aPod(ended, { waiting: {} }), false],
  'of one of whose containers nothing is known': [aPod(undefined, ended), false],
  'that has succeeded': [aPod(ended, ended, 'Succeeded'), false],
  'that has failed': [aPod(ended, ended, 'Failed'), false],
  'of which nothing is known': [{}, false],
};

for (const [which, [pod, expected]] of Object.entries(pods))
  test(`a pod ${which} ${expected ? 'lingers' : 'does not linger'}`, () => {
    assert.equal(lingers(pod), expected);
  });
