/** How far a transfer is. */
import { SingleBar } from 'cli-progress';
import prettyBytes from 'pretty-bytes';
import type { Terminal } from './terminal.ts';

/** Shows the bytes of one transfer. */
export interface Progress {
  /** So many bytes more. */
  add(sizeBytes: number): void;
  /** From the beginning again. */
  restart(): void;
  /** It is over; what is shown stays. */
  stop(): void;
}

const FORMAT = '{title} {bar} {percentage}%  {done} of {all}  {rate}/s  {eta_formatted} left';

/** A bar for a person; one line at the end for a program. */
export function createProgress(terminal: Terminal, title: string, totalBytes: number): Progress {
  const counted = countBytes(totalBytes);
  if (!terminal.isWatched)
    return { ...counted, stop: () => terminal.say(`${title} ${prettyBytes(counted.doneBytes())}`) };
  const bar = new SingleBar({
    format: FORMAT,
    stream: terminal.stream,
    hideCursor: true,
    barsize: 30,
    gracefulExit: false,
  });
  const payload = () => ({
    title,
    done: prettyBytes(counted.doneBytes()),
    all: prettyBytes(totalBytes),
    rate: prettyBytes(counted.bytesPerSecond()),
  });
  bar.start(totalBytes, 0, payload());
  return {
    add(sizeBytes) {
      counted.add(sizeBytes);
      bar.update(counted.doneBytes(), payload());
    },
    restart() {
      counted.restart();
      bar.update(0, payload());
    },
    stop: () => bar.stop(),
  };
}

function countBytes(totalBytes: number) {
  let [doneBytes, startedMs] = [0, performance.now()];
  return {
    add: (sizeBytes: number) => void (doneBytes = Math.min(totalBytes, doneBytes + sizeBytes)),
    restart: () => void ([doneBytes, startedMs] = [0, performance.now()]),
    doneBytes: () => doneBytes,
    bytesPerSecond: () => Math.round(doneBytes / Math.max(0.001, (performance.now() - startedMs) / 1000)),
  };
}
