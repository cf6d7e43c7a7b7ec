import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { observe } from '../../cluster/outcome.ts';
import { createView } from '../../cluster/view.ts';
import type { View } from '../../cluster/view.ts';
import type { WatchHandler } from '../../cluster/watch.ts';
import type { Observation } from '../../workflows/observation.ts';
import type { Life } from './job-lives.ts';
import type { Moment } from './job-moments.ts';
import { aRequest } from './objects.ts';

/** What may happen next between a cluster and who looks at it; `at` chooses one of several. */
export const HAPPENINGS = [
  'live',
  'watchJobs',
  'watchPods',
  'repeatJobs',
  'repeatPods',
  'listJobs',
  'listPods',
  'restart',
  'answer',
  'answerTwice',
  'poll',
  'pollEnds',
  'pollByView',
  'repeat',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

/** A watcher's view of one life, through two watches that are as late, as broken and as repetitive as they may be. */
export interface TwoWatches {
  happen(happening: Happening, at: number): void;
  /** Lives on to the end, lists all again, and answers all that the view asks. */
  finish(): void;
  /** What the cluster says of the task now. */
  look(): Observation;
  /** True when the Job is on the cluster. */
  hasJob(): boolean;
}

/** A look at the cluster that is under way: the Job is read, its pods are not. */
type Reading = (pods: readonly V1Pod[]) => Observation;

/** Gets what the view has to say, and what polls have found. */
export interface Listener {
  readonly onWatched: (observation: Observation) => void;
  readonly onPolled: (observation: Observation) => void;
}

/** @returns the watches of a cluster on which nothing has happened yet */
export function watchLife({ moments }: Life, { onWatched, onPolled }: Listener): TwoWatches {
  let time = 0;
  const asked: ((observation: Observation) => void)[] = [];
  const questions: Reading[] = [];
  const polls: Reading[] = [];

  const current = (kind: Moment['kind']) => moments.slice(0, time).findLast((moment) => moment.kind === kind)?.object;
  const podsNow = () => [current('pod')].filter((pod) => pod !== undefined) as V1Pod[];
  /** As the cluster notes it when a pod is to go whose container runs. */
  const wasStopped = () => moments.slice(0, time).some(({ object }) => isStopped(object));
  const read = (): Reading => {
    const job = current('job') as V1Job | undefined;
    return (pods) => observe('task', job, pods, wasStopped());
  };

  const view = createView({
    onFault(_, error) {
      throw error;
    },
    onObservation: (_, observation) => onWatched(observation),
    onUnexplainedEnd: (_ref, _role, answer) => {
      questions.push(read());
      asked.push(answer);
    },
  });
  const streams: Readonly<Record<Moment['kind'], Stream>> = {
    job: createStream(view.jobs),
    pod: createStream(view.pods),
  };
  const list = (kind: Moment['kind']) => streams[kind].list(current(kind));
  const watch = (kind: Moment['kind']) => (streams[kind].isListed() ? streams[kind].next() : list(kind));

  const live = () => {
    const moment = moments[time];
    if (!moment) return;
    const before = current(moment.kind);
    time += 1;
    streams[moment.kind].queue(before, moment.object);
  };
  const answer = (at: number, isLast: boolean) => {
    if (asked.length === 0) return;
    const index = at % asked.length;
    const [reading, reply] = [questions[index], asked[index]];
    if (isLast) for (const waiting of [questions, asked]) waiting.splice(index, 1);
    if (reading && reply) reply(reading(podsNow()));
  };
  const endPoll = (at: number) => {
    const [reading] = polls.splice(at % Math.max(polls.length, 1), 1);
    if (reading) onPolled(reading(podsNow()));
  };

  const pollByView = () => {
    const shown = view.shows(aRequest(), 'task');
    if (shown) onPolled(shown);
  };

  const deeds: Readonly<Record<Happening, (at: number) => void>> = {
    live,
    watchJobs: () => watch('job'),
    watchPods: () => watch('pod'),
    repeatJobs: () => streams.job.repeat(),
    repeatPods: () => streams.pod.repeat(),
    listJobs: () => list('job'),
    listPods: () => list('pod'),
    restart: () => restart(view, [streams.job, streams.pod]),
    answer: (at) => answer(at, true),
    answerTwice: (at) => answer(at, false),
    // A job is looked at once its Kubernetes Job has been made.
    poll: () => void (time > 0 && polls.push(read())),
    pollEnds: endPoll,
    pollByView,
    repeat: () => view.repeat(),
  };
  return {
    happen: (happening, at) => deeds[happening](at),
    finish() {
      while (time < moments.length) live();
      for (const kind of ['job', 'pod'] as const) list(kind);
      while (asked.length > 0) answer(0, true);
    },
    look: () => read()(podsNow()),
    hasJob: () => current('job') !== undefined,
  };
}

type Watched = Moment['object'];

function isStopped(object: Watched): boolean {
  const status = object?.status as V1Pod['status'];
  return (
    object?.metadata?.deletionTimestamp !== undefined && status?.containerStatuses?.[0]?.state?.running !== undefined
  );
}

interface Stream {
  isListed(): boolean;
  queue(before: Watched, after: Watched): void;
  next(): void;
  repeat(): void;
  list(present: Watched): void;
  close(): void;
}

/** One watch: its events come in order, each once or several times; a list takes the place of all that had not come. */
function createStream<T extends V1Job | V1Pod>(handler: WatchHandler<T>): Stream {
  let waiting: (() => void)[] = [];
  let last: (() => void) | undefined;
  let isListed = false;
  return {
    isListed: () => isListed,
    queue(before, after) {
      if (after) waiting.push(() => handler.upsert(asJson(after)));
      else if (before) waiting.push(() => handler.remove(asJson(before)));
    },
    next() {
      last = waiting.shift() ?? last;
      last?.();
    },
    repeat: () => last?.(),
    list(present) {
      isListed = true;
      [waiting, last] = [[], undefined];
      handler.replace(present ? [asJson(present)] : []);
    },
    close() {
      [isListed, waiting, last] = [false, [], undefined];
    },
  };
}

function restart(view: View, streams: readonly { close(): void }[]): void {
  view.clear();
  for (const stream of streams) stream.close();
}

/** As a watch delivers it: a copy, with its times as text. */
function asJson<T>(object: V1Job | V1Pod): T {
  return JSON.parse(JSON.stringify(object)) as T;
}
