/** Tells a person what happens, one plain line a message, so that it reads the same on a terminal and in a log. */
export interface Progress {
  /** Prints a line with the time since the start. */
  say(line: string): void;
  /** Does `work`, saying that it began and how long it took; says `again` now and then while it lasts. */
  step<T>(title: string, work: () => Promise<T>, again?: () => string): Promise<T>;
}

const REPEAT_MS = 20_000;

/** Progress that writes to standard error, so that standard output holds results alone. */
export function createProgress(write: (line: string) => void = (line) => console.error(line)): Progress {
  const startedAt = performance.now();
  const say = (line: string) => write(`[${seconds(performance.now() - startedAt).padStart(7)}] ${line}`);
  return {
    say,
    async step(title, work, again) {
      const began = performance.now();
      say(`${title} ...`);
      const timer = setInterval(() => say(`${title}: ${again?.() ?? 'still at it'}`), REPEAT_MS);
      try {
        const result = await work();
        say(`${title}: done in ${seconds(performance.now() - began)}`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** A duration as people read it: `12.3 s`. */
export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
