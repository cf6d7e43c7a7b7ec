import { boundText } from './bounds.ts';
import { figureOf } from './figure.ts';
import type { Figure } from './figure.ts';
import { runInTurn } from './measure.ts';
import type { Measure, Run } from './measure.ts';
import { amount } from './report.ts';

/** Runs a measure `runs` times, or as often as it says itself if that is less, and tells the person that waits. */
export async function take(measure: Measure, runs: number): Promise<Figure> {
  console.error(`\n${measure.name}`);
  const tell = ({ ours, peer }: Run, at: number) => {
    const beside = peer === undefined ? '' : `, ${measure.peer?.what} ${amount(peer, measure.unit)}`;
    console.error(`  ${at === 0 ? 'warm-up' : `run ${at}`}: service ${amount(ours, measure.unit)}${beside}`);
  };
  const figure = figureOf(measure, await runInTurn(measure, Math.min(runs, measure.runs ?? runs), tell));
  console.error(`  ${verdictOf(figure)}`);
  return figure;
}

/** How a figure stands, for a person. */
export function verdictOf({ isWithin, judged, bound }: Figure): string {
  return `${isWithin ? 'ok' : 'OUT OF BOUND'}: ${judged.median.toFixed(2)}, bound ${boundText(bound)}`;
}
