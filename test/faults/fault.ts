import { PROGRAM_NAMES } from '../../deploy/local/programs.ts';
import type { ProgramName } from '../../deploy/local/programs.ts';
import { SERVER_NAMES } from '../../deploy/local/servers.ts';
import { BUSY_BLOWS, WATCH_BLOWS } from '../support/http-faults.ts';
import type { HttpBlow } from '../support/http-faults.ts';

/** Every process of a stack: our own two, and each server. */
const PROCESS_NAMES = [...PROGRAM_NAMES, ...SERVER_NAMES] as const;
export type ProcessName = (typeof PROCESS_NAMES)[number];

/** What happens to a process: SIGKILL, until it is started again, or SIGSTOP, until SIGCONT. */
const PROCESS_BLOWS = ['killed', 'frozen'] as const;
type ProcessBlow = (typeof PROCESS_BLOWS)[number];

/** How far the clock of one of our own two processes is off, in seconds: it is started anew with that. */
export const CLOCK_OFFSETS = { 'two hours ahead': 7_200, 'two hours behind': -7_200 } as const;
type ClockBlow = keyof typeof CLOCK_OFFSETS;
const CLOCK_BLOWS = Object.keys(CLOCK_OFFSETS) as ClockBlow[];

/** Servers to which our own two processes have a link. */
const LINK_NAMES = ['kube-apiserver', 'temporal', 'mongodb', 'gcs'] as const;
export type LinkName = (typeof LINK_NAMES)[number];

/** What happens to the bytes on a link. `unanswered` is `silent` on the way back alone. */
const BYTE_BLOWS = ['slow', 'cut', 'reset', 'silent', 'unanswered', 'truncated there', 'truncated back'] as const;
export type ByteBlow = (typeof BYTE_BLOWS)[number];

export type LinkBlow = ByteBlow | HttpBlow;

/** Something that breaks, and how. */
export type Fault =
  | { readonly target: 'process'; readonly name: ProcessName; readonly blow: ProcessBlow }
  | { readonly target: 'clock'; readonly name: ProgramName; readonly blow: ClockBlow }
  | { readonly target: 'link'; readonly name: LinkName; readonly blow: LinkBlow };

const LINK_BLOWS: Readonly<Record<LinkName, readonly LinkBlow[]>> = {
  'kube-apiserver': [...BYTE_BLOWS, ...BUSY_BLOWS, ...WATCH_BLOWS],
  temporal: BYTE_BLOWS,
  mongodb: BYTE_BLOWS,
  gcs: [...BYTE_BLOWS, ...BUSY_BLOWS],
};

/** Every fault that there is. */
export const EVERY_FAULT: readonly Fault[] = [
  ...PROCESS_NAMES.flatMap((name) => PROCESS_BLOWS.map((blow) => ({ target: 'process', name, blow }) as const)),
  ...PROGRAM_NAMES.flatMap((name) => CLOCK_BLOWS.map((blow) => ({ target: 'clock', name, blow }) as const)),
  ...LINK_NAMES.flatMap((name) => LINK_BLOWS[name].map((blow) => ({ target: 'link', name, blow }) as const)),
];

/** True when one of our own two processes has to be started anew. */
export function endsOurs({ target, name, blow }: Fault): boolean {
  return target === 'clock' || (blow === 'killed' && (PROGRAM_NAMES as readonly string[]).includes(name));
}

/** What breaks, for a person: `etcd`, `link to mongodb`. The clock of a process is the process, which has one fault at a time. */
export function targetOf({ target, name }: Fault): string {
  return target === 'link' ? `link to ${name}` : name;
}

/** The fault for a person: `etcd killed`, `link to mongodb silent`, `worker two hours ahead`. */
export function told(fault: Fault): string {
  return `${targetOf(fault)} ${fault.blow}`;
}
