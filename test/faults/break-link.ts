import { ANSWERERS, isWatch } from '../support/http-faults.ts';
import type { HttpBlow } from '../support/http-faults.ts';
import type { HttpGate } from '../support/http-gate.ts';
import type { Toxic, Toxiproxy } from '../support/toxiproxy.ts';
import type { ByteBlow, LinkBlow, LinkName } from './fault.ts';

/** Breaks links, and makes them whole. */
export interface LinkBreaker {
  breakLink(name: LinkName, blow: LinkBlow): Promise<void>;
  /** Makes all links whole. */
  heal(): Promise<void>;
}

/** Enough for a handshake; of an answer that is longer, or of the next one, something is missing. */
const TRUNCATED_BYTES = 20_000;

type Attributes = Toxic['attributes'];
const there = (type: Toxic['type'], attributes: Attributes): Toxic => ({ type, stream: 'upstream', attributes });
const back = (type: Toxic['type'], attributes: Attributes): Toxic => ({ type, stream: 'downstream', attributes });
const bothWays = (...toxic: [Toxic['type'], Attributes]): readonly Toxic[] => [there(...toxic), back(...toxic)];

/** Without a time a `timeout` lets bytes vanish, and says nothing. */
const TOXICS: Readonly<Record<Exclude<ByteBlow, 'cut'>, readonly Toxic[]>> = {
  slow: bothWays('latency', { latency: 1_500, jitter: 1_000 }),
  reset: bothWays('reset_peer', { timeout: 0 }),
  silent: bothWays('timeout', { timeout: 0 }),
  unanswered: [back('timeout', { timeout: 0 })],
  'truncated there': [there('limit_data', { bytes: TRUNCATED_BYTES })],
  'truncated back': [back('limit_data', { bytes: TRUNCATED_BYTES })],
};

/** @param gates those of the links that speak HTTP */
export function createLinkBreaker(
  toxiproxy: Toxiproxy,
  gates: Readonly<Partial<Record<LinkName, HttpGate>>>,
): LinkBreaker {
  return {
    async breakLink(name, blow) {
      if (isHttpBlow(blow)) return answerBy(gates[name], blow);
      if (blow === 'cut') return await toxiproxy.cut(name);
      await toxiproxy.poison(name, TOXICS[blow]);
    },
    async heal() {
      for (const gate of Object.values(gates)) gate.answerBy();
      await toxiproxy.reset();
    },
  };
}

function isHttpBlow(blow: LinkBlow): blow is HttpBlow {
  return blow in ANSWERERS;
}

/** Watches that are open are ended, so that they are asked for again. */
function answerBy(gate: HttpGate | undefined, blow: HttpBlow): void {
  if (gate === undefined) throw new Error(`nothing on this link can be ${blow}`);
  gate.answerBy(ANSWERERS[blow]);
  if (blow.includes('watches')) gate.endAnswers(isWatch);
}
