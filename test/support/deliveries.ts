import fc from 'fast-check';
import type { Observation } from '../../workflows/observation.ts';
import type { Life } from './job-lives.ts';
import { anObservation } from './objects.ts';
import { HAPPENINGS, watchLife } from './two-watches.ts';
import type { Happening } from './two-watches.ts';

const DELIVERIES = ['signal', 'signalAgain', 'stranger'] as const;
/** Drawn twice as often as the others: without them little happens. */
const OFTEN = ['live', 'watchJobs', 'watchPods'] as const;

interface Step {
  readonly what: Happening | (typeof DELIVERIES)[number];
  /** Chooses one of several observations. */
  readonly at: number;
}

/** Any order in which a life goes on, is watched and polled, and its observations are delivered. */
export const anyScript: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ what: fc.constantFrom(...HAPPENINGS, ...OFTEN, ...DELIVERIES), at: fc.nat({ max: 9 }) }),
  // Without `size` fast-check draws short scripts only.
  { maxLength: 120, size: 'max' },
);

/** The observations of one life. */
export interface Deliveries {
  /** From the watcher and from polls. */
  readonly observed: readonly Observation[];
  /** From the watcher alone. */
  readonly watched: readonly Observation[];
  /** As the job receives them: delayed, reordered, repeated, some of another Kubernetes Job. A current look comes last. */
  readonly delivered: readonly Observation[];
  /** True when the Kubernetes Job exists in the end. */
  readonly hasJob: boolean;
}

/** Lets a life go on, and delivers its observations, as `script` has it. */
export function deliver(life: Life, script: readonly Step[]): Deliveries {
  const observed: Observation[] = [];
  const watched: Observation[] = [];
  const delivered: Observation[] = [];
  const delayed: Observation[] = [];
  const onPolled = (observation: Observation) => [observed, delayed].forEach((list) => list.push(observation));
  const onWatched = (observation: Observation) => {
    watched.push(observation);
    onPolled(observation);
  };
  const watches = watchLife(life, { onWatched, onPolled });
  const take = ({ what, at }: Step) => {
    if (what === 'signal') delivered.push(...delayed.splice(at % Math.max(delayed.length, 1), 1));
    else if (what === 'signalAgain') delivered.push(...observed.slice(at % Math.max(observed.length, 1)).slice(0, 1));
    else if (what === 'stranger') delivered.push(stranger(at));
    else watches.happen(what, at);
  };
  script.forEach(take);
  watches.finish();
  return { observed, watched, delivered: [...delivered, ...delayed, watches.look()], hasJob: watches.hasJob() };
}

/** The end of another Kubernetes Job of the same name. */
function stranger(exitCode: number): Observation {
  return anObservation({ jobUid: 'another', exitCode, stage: exitCode % 2 === 0 ? 'succeeded' : 'failed' });
}
