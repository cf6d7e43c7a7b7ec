import { boundText } from './bounds.ts';
import type { Figure, Spread } from './figure.ts';
import type { Machine } from './machine.ts';
import type { Unit } from './measure.ts';

const HEADER = ['figure', 'service', 'peer', 'judged', 'least to most', 'bound', ''];

/** What a report is of. */
export interface Subject {
  readonly title: string;
  /** What writes it: `make bench`. */
  readonly command: string;
  /** Name of its files in `docs`, without an ending. */
  readonly file: string;
  /** What else a reader has to know, in Markdown. */
  readonly notes?: string;
}

/** The report as people read it, in Markdown. Pure. */
export function reportOf(
  figures: readonly Figure[],
  machine: Machine,
  { title, command, file, notes }: Subject,
): string {
  return `# ${title}

Written by \`${command}\`, which fails when a figure is out of its bound. Each figure is a median, of ${runsOf(figures)} runs of the
service and its peer in turn on one machine; where there is a peer, judged is the median of the ratios of the pairs, as times of one
machine say little of another. The numbers of each run are in [${file}.json](${file}.json), the bounds in
[bounds.ts](../test/bench/bounds.ts). What limits a figure that is out of its bound stands in [performance.md](performance.md).
${notes === undefined ? '' : `\n${notes}\n`}
${tableOf([HEADER, ...figures.map(rowOf)])}

${Object.entries(machine)
  .map(([what, it]) => `- ${what}: ${it}`)
  .join('\n')}
`;
}

/** A number as people read it: `7.52 s`, `410 ms`, `38`, `210.5 a second`; `never` for what does not end. */
export function amount(value: number, unit: Unit): string {
  return value === Infinity ? 'never' : AMOUNTS[unit](value);
}

const tenths = (value: number) => `${Math.round(value * 10) / 10}`;

const AMOUNTS: Readonly<Record<Unit, (value: number) => string>> = {
  ms: (value) => (value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`),
  count: tenths,
  rate: (value) => `${tenths(value)} a second`,
  MiB: (value) => `${Math.round(value)} MiB`,
  'MiB/s': (value) => `${Math.round(value)} MiB/s`,
  percent: (value) => `${tenths(value)} %`,
  exponent: (value) => value.toFixed(2),
  ratio: (value) => value.toFixed(2),
};

function rowOf({ name, unit, ours, peer, judged, bound, isWithin }: Figure): string[] {
  const shown = (value: number) => (peer ? value.toFixed(2) : amount(value, unit));
  const range = ({ min, max }: Spread) => `${shown(min)} to ${shown(max)}`;
  return [
    name,
    amount(ours.median, unit),
    peer ? `${amount(peer.median, unit)}, ${peer.what}` : '',
    shown(judged.median),
    range(judged),
    boundText(bound),
    isWithin ? 'ok' : '**out of bound**',
  ];
}

function tableOf([header = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function runsOf(figures: readonly Figure[]): string {
  const counts = figures.map(({ runs }) => runs.length);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return fewest === most ? `${most}` : `${fewest} to ${most}`;
}
