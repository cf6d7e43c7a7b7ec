/** Hearing from the workers which jobs the mirror shows anew, so that it need not be asked all the time. */
import { lookup } from 'node:dns/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** So often the workers are looked up: there may be more by now, or others. */
const LOOKUP_MS = 5_000;
/** A worker says something every ten seconds. */
const SILENCE_MS = 30_000;

/** See {@link createListener}. */
export interface Listener {
  /** True while all workers that there are are heard. */
  hearsAll(): boolean;
  /** Listens until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** What a listener needs. */
export interface ListenerOptions {
  /** Of the workers, whose host may have many addresses. */
  readonly url: string;
  /** Bearer token that the workers ask for. */
  readonly token: string;
  /** Called with the id of each job that the mirror shows anew. Must not throw. */
  readonly onChange: (id: string) => void;
  readonly lookupMs?: number;
  readonly silenceMs?: number;
}

/** Listens to each worker at an address of its own. One that cannot be heard is tried again with the next look. */
export function createListener(options: ListenerOptions): Listener {
  const { url, lookupMs = LOOKUP_MS } = options;
  const { hostname, port } = new URL(url);
  const listening = new Set<string>();
  const heard = new Set<string>();
  let known: readonly string[] = [];

  const listenTo = async (address: string, signal: AbortSignal) => {
    listening.add(address);
    const origin = `http://${address.includes(':') ? `[${address}]` : address}:${port || '80'}`;
    await hear(origin, options, () => heard.add(address), signal).catch(() => undefined);
    heard.delete(address);
    listening.delete(address);
  };
  return {
    hearsAll: () => known.length > 0 && known.every((address) => heard.has(address)),
    async run(signal) {
      while (!signal.aborted) {
        known = await addressesOf(hostname);
        for (const address of known) if (!listening.has(address)) void listenTo(address, signal);
        await delay(lookupMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

/** None while the host has no name. */
async function addressesOf(hostname: string): Promise<string[]> {
  const found = await lookup(hostname.replaceAll(/[[\]]/g, ''), { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

/** Resolves when the worker says no more; rejects when it cannot be heard. */
async function hear(
  origin: string,
  { token, onChange, silenceMs = SILENCE_MS }: ListenerOptions,
  onHeard: () => void,
  signal: AbortSignal,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const { ok, body } = await fetch(`${origin}/changes`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!ok || body === null) return;
    for await (const line of createInterface({ input: Readable.fromWeb(body) })) {
      timer.refresh();
      onHeard();
      if (line !== '') onChange(line);
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
