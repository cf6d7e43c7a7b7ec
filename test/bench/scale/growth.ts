/** What so many jobs cost. */
export interface Cost {
  readonly jobs: number;
  readonly cost: number;
}

/**
 * How cost grows with the number of jobs: the exponent of the power law that fits the points best, by least squares of the logarithms.
 * 0 is flat, 1 grows as the jobs do. Pure.
 * @throws Error for fewer than two numbers of jobs, and for what is not above 0
 */
export function growthExponent(points: readonly Cost[]): number {
  const logs = points.map(({ jobs, cost }) => ({ x: Math.log(jobs), y: Math.log(cost) }));
  if (!logs.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)))
    throw new Error('only what is above 0 can be fitted');
  const meanOf = (of: (point: { x: number; y: number }) => number) =>
    logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
  const [meanX, meanY] = [meanOf(({ x }) => x), meanOf(({ y }) => y)];
  const spread = meanOf(({ x }) => (x - meanX) ** 2);
  if (!(spread > 0)) throw new Error('growth needs two numbers of jobs');
  return meanOf(({ x, y }) => (x - meanX) * (y - meanY)) / spread;
}
