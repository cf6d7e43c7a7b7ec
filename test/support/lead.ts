/** A process that leads until it is killed: `node test/support/lead.ts <lease>`. Says `leading` when it does. */
import { pino } from 'pino';
import { createLeaderElection } from '../../cluster/lease.ts';
import { required } from './environment.ts';
import { stackKubeConfig } from './kube-config.ts';

const election = createLeaderElection({
  kubeConfig: stackKubeConfig(),
  namespace: required('KUBERNETES_NAMESPACE'),
  name: process.argv[2] ?? '',
  identity: `process-${process.pid}`,
  logger: pino({ level: 'silent' }),
});
await election.run(async (signal) => {
  process.stdout.write('leading\n');
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}, new AbortController().signal);
