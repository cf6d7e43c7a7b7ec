import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Begins the names of the bridges of all stacks. */
export const BRIDGE_PREFIX = 'ktr-';

/** Port of each server of a stack. */
interface StackPorts {
  readonly api: number;
  readonly worker: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly mongodb: number;
  readonly gcs: number;
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiserver: number;
  readonly controllerManager: number;
  readonly scheduler: number;
  readonly kubelet: number;
  readonly kubeletHealth: number;
}

/** Everything that tells two stacks on one machine apart. */
export interface Profile {
  readonly name: 'local' | 'test' | 'scale';
  /** Folder of the checkout. */
  readonly repository: string;
  /** Holds all that the stack keeps: databases, images, certificates, logs. */
  readonly stateFolder: string;
  /** Holds the unix sockets, whose paths may have 107 characters at most. */
  readonly runFolder: string;
  readonly bridge: { readonly name: string; readonly address: string; readonly subnet: string };
  /** Folder below the root of each cgroup controller, in which the pods live. */
  readonly cgroupRoot: string;
  readonly nodeName: string;
  readonly ports: StackPorts;
}

/** The stack of `make up`, on the ports that people know by heart. */
export function localProfile(repository: string): Profile {
  const ports: StackPorts = {
    api: 4898,
    worker: 4899,
    temporal: 7233,
    temporalUi: 8233,
    mongodb: 27017,
    gcs: 4443,
    etcd: 2379,
    etcdPeer: 2380,
    apiserver: 6443,
    controllerManager: 10257,
    scheduler: 10259,
    kubelet: 10250,
    kubeletHealth: 10248,
  };
  return makeProfile('local', repository, join(repository, '.local'), '10.244.0', ports);
}

/** Several checkouts may be tested at once when each has a slot of its own. */
export const TEST_SLOTS = 10;

/** The slot that `TEST_SLOT` names; 0 without it. */
function chosenSlot(): number {
  const slot = Number(process.env['TEST_SLOT'] ?? 0);
  if (Number.isInteger(slot) && slot >= 0 && slot < TEST_SLOTS) return slot;
  throw new Error(`TEST_SLOT must be a whole number from 0 to ${TEST_SLOTS - 1}.`);
}

/**
 * The stack of the tests, which shares nothing with {@link localProfile}, so that both can run at once.
 * @param slot which of the ten places for such stacks it takes
 */
export function testProfile(repository: string, slot = chosenSlot()): Profile {
  const stateFolder = join(repository, '.local', 'test');
  return makeProfile('test', repository, stateFolder, `10.245.${slot}`, portsBeside(100 * slot));
}

/** The stack on whose fake nodes many jobs are measured: beside the other two, in a slot as those of the tests. */
export function scaleProfile(repository: string, slot = chosenSlot()): Profile {
  const stateFolder = join(repository, '.local', 'scale');
  return makeProfile('scale', repository, stateFolder, `10.246.${slot}`, portsBeside(100 * slot + 50));
}

/** Ports that are so much higher than those of the first slot of the tests. */
function portsBeside(offset: number): StackPorts {
  const base: StackPorts = {
    api: 14898,
    worker: 14899,
    temporal: 17233,
    temporalUi: 18233,
    mongodb: 27117,
    gcs: 14443,
    etcd: 12379,
    etcdPeer: 12380,
    apiserver: 16443,
    controllerManager: 20257,
    scheduler: 20259,
    kubelet: 20250,
    kubeletHealth: 20248,
  };
  const moved = Object.entries<number>({ ...base }).map(([server, port]) => [server, port + offset]);
  const ports = Object.fromEntries(moved) as unknown as StackPorts;
  return ports;
}

function makeProfile(
  name: Profile['name'],
  repository: string,
  stateFolder: string,
  network: string,
  ports: StackPorts,
): Profile {
  const id = createHash('sha256').update(stateFolder).digest('hex').slice(0, 8);
  return {
    name,
    repository,
    stateFolder,
    runFolder: `/run/kubernetes-task-runner/${id}`,
    bridge: { name: `${BRIDGE_PREFIX}${id}`, address: `${network}.1`, subnet: `${network}.0/24` },
    cgroupRoot: `kubernetes-task-runner-${id}`,
    nodeName: name,
    ports,
  };
}
