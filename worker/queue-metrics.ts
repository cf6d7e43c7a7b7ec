import type { WorkflowClient } from '@temporalio/client';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { isForgotten } from '../temporal.ts';
import { ADMISSION, QUEUE_QUERY } from '../workflows/names.ts';
import type { QueueCounts } from '../workflows/contract.ts';
import { METRIC_PREFIX } from '../metrics.ts';

/** Nobody who scrapes waits for longer. */
const PATIENCE_MS = 2_000;

/**
 * Registers how many jobs wait for their turn and how many go: asked for at each scrape, and absent when there is no answer.
 * @param counts rejects when they cannot be known
 */
export function measureQueue(registry: Registry, counts: () => Promise<QueueCounts>): void {
  new Gauge({
    name: `${METRIC_PREFIX}jobs`,
    help: 'Jobs that wait for their turn (queued), and jobs that go (in_flight); every worker tells the same',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset();
      const found = await counts().catch(() => undefined);
      if (found === undefined) return;
      this.set({ state: 'queued' }, found.queued);
      this.set({ state: 'in_flight' }, found.inFlight);
    },
  });
}

/** What the queue says of itself; as long as there is none, nobody has come to it. */
export async function askQueue(client: Pick<WorkflowClient, 'getHandle' | 'withDeadline'>): Promise<QueueCounts> {
  try {
    const ask = () => client.getHandle(ADMISSION).query<QueueCounts>(QUEUE_QUERY);
    return await client.withDeadline(Date.now() + PATIENCE_MS, ask);
  } catch (error) {
    if (isForgotten(error)) return { queued: 0, inFlight: 0 };
    throw error;
  }
}
