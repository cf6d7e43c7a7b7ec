import type { Accepted } from './posting.ts';

/**
 * How many jobs a job may have gone before that had come earlier, at most, of those of one owner. Earlier is what was accepted before the
 * other was sent; what has not begun yet was passed, too. Pure.
 * @param begun ids in the order in which the jobs began
 */
export function mostPassed(accepted: readonly Accepted[], begun: readonly string[]): number {
  const byOwner = Map.groupBy(accepted, ({ owner }) => owner);
  return Math.max(0, ...[...byOwner.values()].map((jobs) => mostPassedOfOne(jobs, begun)));
}

function mostPassedOfOne(jobs: readonly Accepted[], begun: readonly string[]): number {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const answers = jobs.map(({ answeredMs }) => answeredMs).toSorted((a, b) => a - b);
  const before: number[] = [];
  let most = 0;
  for (const { sentMs, answeredMs } of begun.flatMap((id) => byId.get(id) ?? [])) {
    const passed = countBelow(answers, sentMs) - before.filter((earlierMs) => earlierMs < sentMs).length;
    most = Math.max(most, passed);
    before.push(answeredMs);
  }
  return most;
}

function countBelow(sorted: readonly number[], limit: number): number {
  const at = sorted.findIndex((value) => value >= limit);
  return at < 0 ? sorted.length : at;
}
