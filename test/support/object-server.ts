import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** The bytes that a request asks for; without a range it is all of them. */
interface AskedFor {
  readonly start: number;
  /** The one behind the last; undefined for all that follow. */
  readonly end: number | undefined;
  readonly isRange: boolean;
}

/** Answers the body of a request; status and headers are as they should be. */
export type AnswerBody = (asked: AskedFor, outgoing: ServerResponse) => void;

/** A server that has one object, as a signed URL leads to it. */
export interface ObjectServer {
  readonly url: string;
  /** What was asked for, in the order of the requests. */
  readonly asked: readonly AskedFor[];
}

/** Runs until the test ends. */
export async function createObjectServer(context: TestContext, answer: AnswerBody): Promise<ObjectServer> {
  const asked: AskedFor[] = [];
  const server = createServer((incoming, outgoing) => {
    const span = askedBy(incoming);
    asked.push(span);
    outgoing.statusCode = span.isRange ? 206 : 200;
    answer(span, outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => (server.closeAllConnections(), server.close()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/object`, asked };
}

/** Answers what is asked for of `content`. */
export function answerOf(content: Buffer): AnswerBody {
  return ({ start, end }, outgoing) => void outgoing.end(content.subarray(start, end));
}

function askedBy({ headers: { range = '' } }: IncomingMessage): AskedFor {
  const [, start, last] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  if (start === undefined) return { start: 0, end: undefined, isRange: false };
  return { start: Number(start), end: last === '' ? undefined : Number(last) + 1, isRange: true };
}

/** An answer of which the rest is held back. */
export interface HeldAnswer {
  readonly answer: AnswerBody;
  readonly letGo: () => void;
}

/** Answers parts of `content` at once, and of the whole `firstBytes` until the rest is let go. */
export function heldAnswer(content: Buffer, firstBytes: number): HeldAnswer {
  const gate = Promise.withResolvers<void>();
  const answer: AnswerBody = (asked, outgoing) => {
    if (asked.isRange) return answerOf(content)(asked, outgoing);
    outgoing.write(content.subarray(0, firstBytes));
    void gate.promise.then(() => outgoing.end(content.subarray(firstBytes)));
  };
  return { answer, letGo: gate.resolve };
}
