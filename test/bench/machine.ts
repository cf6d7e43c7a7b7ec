import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { runTool } from '../support/tools.ts';

/** On what the figures were measured, for a person: what → which. */
export type Machine = Readonly<Record<string, string>>;

/** Of this machine, and of the servers of the stack. */
export async function describeMachine(): Promise<Machine> {
  const [kubernetes, temporal] = await Promise.all([
    runTool('kubectl', 'version', '--output', 'json').then(serverVersionIn),
    runTool('temporal', '--version'),
  ]);
  return {
    machine: `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release()}`,
    Node: process.version,
    Kubernetes: kubernetes,
    Temporal: temporal.trim(),
    measured: new Date().toISOString().slice(0, 10),
  };
}

function serverVersionIn(text: string): string {
  const { serverVersion } = JSON.parse(text) as { serverVersion?: { gitVersion?: string } };
  return serverVersion?.gitVersion ?? 'unknown';
}
