import assert from 'node:assert/strict';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { createView } from '../../cluster/view.ts';
import type { View } from '../../cluster/view.ts';
import type { Observation } from '../../workflows/observation.ts';
import { aCondition, aKubernetesJob, aPod, ended, running } from './objects.ts';

/** A view, with all that it tells and asks. */
export interface HeardView {
  readonly view: View;
  readonly told: readonly { readonly jobName: string; readonly observation: Observation }[];
  readonly asked: readonly { readonly question: unknown; readonly answer: (observation: Observation) => void }[];
  /** What was told of the stage, in its order. */
  readonly stages: () => string[];
}

/** Has heard of nothing yet. */
export function aView(): HeardView {
  const told: HeardView['told'][number][] = [];
  const asked: HeardView['asked'][number][] = [];
  const view = createView({
    onFault: (_, error) => assert.ifError(error),
    onObservation: (jobName, observation) => told.push({ jobName, observation }),
    onUnexplainedEnd: (ref, role, answer) => asked.push({ question: { ...ref, role }, answer }),
  });
  return { view, told, asked, stages: () => told.map(({ observation }) => observation.stage) };
}

/** Has heard both lists. */
export function aSyncedView(job = aKubernetesJob(), pods = [aPod()]): HeardView {
  const synced = aView();
  synced.view.jobs.replace([job]);
  synced.view.pods.replace(pods);
  return synced;
}

export const runningPod = (): V1Pod => aPod({ phase: 'Running', main: running });
export const failedPod = (): V1Pod => aPod({ phase: 'Failed', main: ended(3) });
export const failedJob = (): V1Job => aKubernetesJob('task', [aCondition('Failed')]);
