/** Where a command writes, and what is there to be seen. */
import { styleText } from 'node:util';

/** A colour, or several properties of a text. */
type Style = Parameters<typeof styleText>[0];

/** A person, or a program, that reads what a command writes. */
export interface Terminal {
  /** A result, on standard output. Resolves when the reader is ready for more. */
  write(text: string | Uint8Array): Promise<void>;
  /** A line about what happens, on standard error. */
  say(line: string): void;
  /** The text in a colour, where standard error shows colours. */
  style(format: Style, text: string): string;
  /** True when a person looks at standard error, so that bars make sense. */
  readonly isWatched: boolean;
  /** True when a person can be asked. */
  readonly canAsk: boolean;
  /**
   * Puts a question on the stream that it is given. What is written and said meanwhile comes when it is answered, in its order.
   * @throws Error when there is a question already
   */
  ask<T>(question: (output: NodeJS.WriteStream) => Promise<T>): Promise<T>;
  /** The stream of {@link Terminal.say}, for what draws on it. */
  readonly stream: NodeJS.WriteStream;
}

/** The terminal of this process. `NO_COLOR` and `FORCE_COLOR` are heeded by Node.js itself. */
export function processTerminal({ stdin, stdout, stderr }: NodeJS.Process): Terminal {
  // A log may end without a newline, and on a terminal both outputs are one text.
  let isWithinLine = false;
  let held: (() => void)[] | undefined;
  const unlessAsked = (deed: () => void) => (held === undefined ? deed() : void held.push(deed));
  const beginLine = () => {
    if (isWithinLine) stderr.write('\n');
    isWithinLine = false;
  };
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        unlessAsked(() => {
          if (text.length > 0) isWithinLine = stdout.isTTY && stderr.isTTY && !endsLine(text);
          stdout.write(text, (error) => (error ? reject(error) : resolve()));
        });
      }),
    say: (line) =>
      unlessAsked(() => {
        beginLine();
        stderr.write(`${line}\n`);
      }),
    async ask(question) {
      if (held !== undefined) throw new Error('somebody is being asked already');
      beginLine();
      held = [];
      try {
        return await question(stderr);
      } finally {
        const deeds = held;
        held = undefined;
        for (const deed of deeds) deed();
      }
    },
    style: (format, text) => styleText(format, text, { stream: stderr }),
    isWatched: stderr.isTTY,
    canAsk: stdin.isTTY && stderr.isTTY,
    stream: stderr,
  };
}

function endsLine(text: string | Uint8Array): boolean {
  return typeof text === 'string' ? text.endsWith('\n') : text.at(-1) === '\n'.charCodeAt(0);
}
