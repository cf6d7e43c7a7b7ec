import { join } from 'node:path';
import { buildServers } from '../../deploy/local/build.ts';
import { run, succeeds } from '../../deploy/local/command.ts';
import { aptInstall } from '../../deploy/local/packages.ts';
import { logFileOf, startProcess, stopProcess } from '../../deploy/local/processes.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { createProgress } from '../../deploy/local/progress.ts';
import { answers, becomesTrue } from '../../deploy/local/ready.ts';
import { required } from './environment.ts';
import { freePort } from './free-port.ts';
import type { Closing } from './scope.ts';

const NAME = 'kube-router';
const READY_MS = 60_000;

/** Lines of `iptables -S`: jumps from the built-in chains to those of kube-router, and its own chains. */
const RULE = /^-A ((?:INPUT|FORWARD|OUTPUT) .*-j KUBE-ROUTER-.*)$/;
const CHAIN = /^-N (KUBE-(?:ROUTER|POD-FW|NWPLCY)-\S+)$/;
/** Names of the ipsets of kube-router. */
const ADDRESS_SET = /^(?:inet6:)?KUBE-(?:SRC|DST)-/;

/**
 * Enforces the NetworkPolicies of the stack's cluster until the test ends, by kube-router as a firewall alone. Pods without a policy are
 * not affected. It adds firewall rules to this machine; rules that a killed process left behind are removed at the next start.
 */
export async function enforceNetworkPolicies(context: Closing, profile: Profile): Promise<void> {
  await installPrograms(profile);
  await removeRules();
  const folder = join(profile.repository, 'deploy', 'local', 'policies');
  const { [NAME]: programs } = await buildServers(folder, [NAME], createProgress());
  const port = await freePort();
  context.after(() => stopProcess(profile, NAME, 2_000).then(removeRules));
  const args = [
    ...['--run-router=false', '--run-service-proxy=false', '--run-firewall=true', `--health-port=${port}`],
    ...[`--kubeconfig=${required('KUBECONFIG')}`, `--hostname-override=${profile.nodeName}`],
  ];
  await startProcess(profile, { name: NAME, command: join(programs, NAME), args });
  if (await becomesTrue(answers(`http://127.0.0.1:${port}/healthz`), READY_MS)) return;
  throw new Error(`kube-router did not become ready; see ${logFileOf(profile, NAME)}`);
}

async function installPrograms(profile: Profile): Promise<void> {
  const isThere = await Promise.all([succeeds('iptables', ['--version']), succeeds('ipset', ['--version'])]);
  if (!isThere.every(Boolean)) await aptInstall(['iptables', 'ipset'], logFileOf(profile, 'packages'));
}

/** Deletes rules one by one, as other programs may add theirs meanwhile. `kube-router --cleanup-config` needs IPVS in the kernel. */
async function removeRules(): Promise<void> {
  const lines = await linesOf('iptables', '-S');
  const rules = matchesOf(lines, RULE);
  for (const rule of rules) await run('sh', ['-c', `iptables -w -D ${rule}`]);
  const chains = matchesOf(lines, CHAIN);
  for (const chain of chains) await run('iptables', ['-w', '-F', chain]);
  for (const chain of chains) await run('iptables', ['-w', '-X', chain]);
  const sets = (await linesOf('ipset', 'list', '-n')).filter((name) => ADDRESS_SET.test(name));
  for (const set of sets) await run('ipset', ['destroy', set]);
}

async function linesOf(command: string, ...args: readonly string[]): Promise<readonly string[]> {
  return (await run(command, args)).stdout.split('\n');
}

function matchesOf(lines: readonly string[], pattern: RegExp): readonly string[] {
  return lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
}
