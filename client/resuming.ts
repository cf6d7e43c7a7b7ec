/** Streams that go on where they broke off. */
import { createPatience } from './patience.ts';
import type { PatienceOptions } from './patience.ts';

/** The pieces that `open` gives. What breaks off is opened again: where that begins is for `open` to know. */
export async function* resumed<T>(options: PatienceOptions, open: () => AsyncIterable<T>): AsyncGenerator<T> {
  const patience = createPatience(options);
  for (;;) {
    try {
      for await (const piece of open()) {
        patience.reset();
        yield piece;
      }
      return;
    } catch (error) {
      await patience.waitOut(error);
    }
  }
}
