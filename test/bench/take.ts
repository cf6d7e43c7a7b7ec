import { boundText } from './bounds.ts';
import { figureOf } from './figure.ts';
import type { Figure } from './figure.ts';
import { runInTurn } from './measure.ts';
import type { Measure, Run } from './measure.ts';
import { amount } from './report.ts';

/**
 * Runs a measure `runs` times, or as often as it says itself, and tells the person that waits.
 * @param settle resolves when nothing is left of what came before a run; at once, by default
 */
export async function take(measure: Measure, runs: number, settle?: () => Promise<void>): Promise<Figure> {
  console.error(`\n${measure.name}`);
  const told = ({ ours, peer }: Run, at: number) => {
    const beside = peer === undefined ? '' : `, ${measure.peer?.what} ${amount(peer, measure.unit)}`;
    console.error(`  ${at === 0 ? 'warm-up' : `run ${at}`}: service ${amount(ours, measure.unit)}${beside}`);
  };
  const count = Math.min(runs * (measure.runsFactor ?? 1), measure.runs ?? Infinity);
  const figure = figureOf(measure, await runInTurn(measure, { count, told, ...(settle && { settle }) }));
  console.error(`  ${verdictOf(figure)}`);
  return figure;
}

/** How a figure stands, for a person. */
export function verdictOf({ isWithin, judged, bound }: Figure): string {
  return `${isWithin ? 'ok' : 'OUT OF BOUND'}: ${judged.median.toFixed(2)}, bound ${boundText(bound)}`;
}
