import { Client, Connection } from '@temporalio/client';
import { createSweep } from '../../activities/sweep.ts';
import type { Swept } from '../../activities/sweep.ts';
import { createCluster } from '../../cluster/client.ts';
import { readInstance } from '../../temporal.ts';
import { required } from '../support/environment.ts';
import { stackKubeConfig } from '../support/kube-config.ts';
import { testBucket } from '../support/world.ts';

/** Removes at once what nobody owns on the cluster and in the bucket of the stack, as the service does after a grace. */
export async function sweepStack(): Promise<Swept> {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  const namespace = required('KUBERNETES_NAMESPACE');
  const cluster = createCluster(stackKubeConfig(), namespace);
  try {
    const { workflow, options } = new Client({ connection, namespace: required('TEMPORAL_NAMESPACE') });
    const instance = await readInstance(connection, options.namespace);
    return await createSweep({ cluster, bucket: testBucket(), workflows: workflow, instance, graceMs: 0 })(Date.now());
  } finally {
    await connection.close();
  }
}
