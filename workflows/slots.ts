/** Who goes and who waits, where only so many jobs may go at one time: pure functions, which decide all about it. */
import type { AskingJob, InFlightLimits, QueueCounts, QueuedJob } from './contract.ts';

/** A job that goes. */
export interface Holder extends QueuedJob {
  /** False until the job knows. */
  readonly isTold: boolean;
}

/** A job that waits. It is told in few characters, as thousands have to fit into one message. */
type Waiting = readonly [name: string, acceptedMs: number];

/** The jobs of one owner that wait, in the order in which they were accepted. */
interface Line {
  readonly owner?: string;
  readonly jobs: readonly Waiting[];
}

/** All that the queue knows. */
export interface Slots {
  readonly limits: InFlightLimits;
  readonly holders: readonly Holder[];
  /** The owners whose jobs wait, in the order of their turns. None has an empty line. */
  readonly lines: readonly Line[];
}

/** A queue that nobody has come to. */
export const NO_SLOTS: Slots = { limits: {}, holders: [], lines: [] };

/** Most names that fit into one message of Temporal with room to spare. Who comes then asks again later. */
export const MAX_QUEUED = 20_000;

/** A job has asked. One that waits keeps its place; one that goes is told once more. Returns `slots` itself when nothing changes. */
export function enqueued(slots: Slots, { name, owner, acceptedMs }: AskingJob): Slots {
  if (slots.holders.some((holder) => holder.name === name)) {
    return withHolders(slots, (holder) => (holder.name === name ? { ...holder, isTold: false } : holder));
  }
  if (isWaiting(slots, name) || countsOf(slots).queued >= MAX_QUEUED) return slots;
  return { ...slots, lines: behind(slots.lines, owner, [name, acceptedMs]) };
}

/** From now on these limits hold; nothing that goes is called back. */
export function limited(slots: Slots, limits: InFlightLimits): Slots {
  return { ...slots, limits };
}

/** A job waits no more and goes no more. Returns `slots` itself when it did neither. */
export function left(slots: Slots, name: string): Slots {
  const isHere = slots.holders.some((holder) => holder.name === name);
  if (isHere) return { ...slots, holders: slots.holders.filter((holder) => holder.name !== name) };
  if (!isWaiting(slots, name)) return slots;
  const lines = slots.lines.map((line) => ({ ...line, jobs: line.jobs.filter(([other]) => other !== name) }));
  return { ...slots, lines: lines.filter(({ jobs }) => jobs.length > 0) };
}

/** The jobs that go already when the queue begins to count, however many they are. */
export function joined(slots: Slots, going: readonly QueuedJob[]): Slots {
  const without = going.reduce((rest, { name }) => left(rest, name), slots);
  return { ...without, holders: [...without.holders, ...going.map((job) => ({ ...job, isTold: true }))] };
}

/** Lets as many jobs go as may: the first of each owner's line in turn. Who has had a turn is the last to have the next. */
export function admitted(slots: Slots): Slots {
  let next = slots;
  for (let at = nextTurn(next); at >= 0; at = nextTurn(next)) next = withTurn(next, at);
  return next;
}

/** Some of the jobs that may go and do not know it yet. */
export function untold({ holders }: Slots, most: number): readonly Holder[] {
  return holders.filter(({ isTold }) => !isTold).slice(0, most);
}

/** The job knows that it may go. */
export function told(slots: Slots, name: string): Slots {
  return withHolders(slots, (holder) => (holder.name === name ? { ...holder, isTold: true } : holder));
}

/** How many jobs wait and go. */
export function countsOf({ holders, lines }: Slots): QueueCounts {
  return { queued: lines.reduce((sum, { jobs }) => sum + jobs.length, 0), inFlight: holders.length };
}

/** The place of the first owner who may let a job go; -1 when there is none. */
function nextTurn({ limits: { all = Infinity, perOwner = Infinity }, holders, lines }: Slots): number {
  if (holders.length >= all) return -1;
  return lines.findIndex(({ owner }) => holders.filter((holder) => holder.owner === owner).length < perOwner);
}

function withTurn(slots: Slots, at: number): Slots {
  const line = slots.lines[at];
  const [first, ...jobs] = line?.jobs ?? [];
  if (line === undefined || first === undefined) return slots;
  const others = slots.lines.toSpliced(at, 1);
  const holder = { name: first[0], ...(line.owner !== undefined && { owner: line.owner }), isTold: false };
  return {
    ...slots,
    holders: [...slots.holders, holder],
    lines: jobs.length > 0 ? [...others, { ...line, jobs }] : others,
  };
}

/** Behind those of its owner that were accepted before it. An owner who has no line yet gets one behind all others. */
function behind(lines: readonly Line[], owner: string | undefined, job: Waiting): readonly Line[] {
  const at = lines.findIndex((line) => line.owner === owner);
  const line = lines[at];
  if (line === undefined) return [...lines, { ...(owner !== undefined && { owner }), jobs: [job] }];
  const lastBefore = line.jobs.findLastIndex(([, acceptedMs]) => acceptedMs <= job[1]);
  return lines.with(at, { ...line, jobs: line.jobs.toSpliced(lastBefore + 1, 0, job) });
}

function isWaiting({ lines }: Slots, name: string): boolean {
  return lines.some(({ jobs }) => jobs.some(([other]) => other === name));
}

function withHolders(slots: Slots, change: (holder: Holder) => Holder): Slots {
  return { ...slots, holders: slots.holders.map(change) };
}
