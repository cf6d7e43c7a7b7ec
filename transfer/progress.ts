/** Tells what goes on, in plain lines, one a second at most. */
export interface Progress {
  /** Says how far we are, unless something was said less than a second ago. */
  tick(describe: () => string): void;
  /** Says something in any case. */
  say(line: string): void;
  /** All that was said, each line with its end; undefined when that is much. */
  said(): string | undefined;
}

const INTERVAL_MS = 1000;

/** What is longer than this has no room in a report. */
const MAX_SAID_CHARS = 4096;

/** Writes to `log`, which takes one line without its end. */
export function createProgress(log: (line: string) => void): Progress {
  let saidAt = Date.now();
  let said = '';
  const say = (line: string): void => {
    saidAt = Date.now();
    if (said.length <= MAX_SAID_CHARS) said += `${line}\n`;
    log(line);
  };
  return {
    say,
    said: () => (said.length <= MAX_SAID_CHARS ? said : undefined),
    tick: (describe) => {
      if (Date.now() - saidAt >= INTERVAL_MS) say(describe());
    },
  };
}

/** A size as people read it: `999 bytes`, `1.5 kB`, `20.0 MB`. */
export function formatSize(sizeBytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `1 file`, `2 files`: for nouns that take an s. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
