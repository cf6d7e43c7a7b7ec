/** Lines that would repeat themselves. */

/** Passes a line on, unless it is the one before. */
export function tellOnChange(say: (line: string) => void): (line: string) => void {
  let last: string | undefined;
  return (line) => {
    if (line !== last) say(line);
    last = line;
  };
}
