import { METRIC_PREFIX } from '../../metrics.ts';
import { required } from './environment.ts';

/** Value of a metric of the worker of the stack, by its name without our prefix, and its labels; undefined when it is not told. */
export async function metricOf(name: string): Promise<number | undefined> {
  const told = await (await fetch(`${required('WORKER_URL')}/metrics`)).text();
  const line = told.split('\n').find((found) => found.startsWith(`${METRIC_PREFIX}${name} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}
