import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { InFlightLimits } from '../../../workflows/contract.ts';
import {
  admitted,
  countsOf,
  enqueued,
  joined,
  left,
  limited,
  MAX_QUEUED,
  NO_SLOTS,
  told,
  untold,
} from '../../../workflows/slots.ts';
import type { Slots } from '../../../workflows/slots.ts';
import { runs } from '../../support/properties.ts';

const ask = (slots: Slots, name: string, limits: InFlightLimits = {}, owner?: string, acceptedMs = 0) =>
  admitted(limited(enqueued(slots, { name, acceptedMs, ...(owner !== undefined && { owner }) }), limits));
const going = ({ holders }: Slots) => holders.map(({ name }) => name);
const waiting = ({ lines }: Slots) => lines.flatMap(({ jobs }) => jobs.map(([name]) => name));
const ownerOf = (name: string) => name.split('-', 1)[0] ?? '';
const ownedBy = (owner: string, names: readonly string[]) => names.filter((name) => ownerOf(name) === owner);
/** `alice-1` is a job of alice. */
const asking = (slots: Slots, names: readonly string[], limits: InFlightLimits) =>
  names.reduce((now, name) => ask(now, name, limits, ownerOf(name)), slots);

/** Lets the job that goes the longest end, again and again, and tells in which order all of them went. */
function orderFrom(slots: Slots): string[] {
  const order: string[] = [];
  for (let now = slots; ;) {
    const [first] = going(now);
    if (first === undefined) return order;
    order.push(first);
    now = admitted(left(now, first));
  }
}

describe('jobs that ask to go', () => {
  test('go at once as long as there is room, and then wait', () => {
    const slots = asking(NO_SLOTS, ['a-1', 'b-1', 'a-2'], { all: 2 });
    assert.deepEqual(going(slots), ['a-1', 'b-1']);
    assert.deepEqual(countsOf(slots), { queued: 1, inFlight: 2 });
    assert.deepEqual(going(admitted(left(slots, 'a-1'))), ['b-1', 'a-2']);
  });

  test('take turns by owner, each in the order in which they came', () => {
    const slots = asking(NO_SLOTS, ['a-1', 'a-2', 'a-3', 'a-4', 'b-1', 'b-2', 'c-1'], { all: 1 });
    assert.deepEqual(orderFrom(slots), ['a-1', 'a-2', 'b-1', 'c-1', 'a-3', 'b-2', 'a-4']);
  });

  test('are passed by while their owner has enough, and keep their turn', () => {
    const slots = asking(NO_SLOTS, ['a-1', 'a-2', 'b-1', 'b-2'], { all: 3, perOwner: 1 });
    assert.deepEqual(going(slots), ['a-1', 'b-1']);
    assert.deepEqual(going(admitted(left(slots, 'b-1'))), ['a-1', 'b-2']);
    assert.deepEqual(going(admitted(left(slots, 'a-1'))), ['b-1', 'a-2']);
  });

  test('can leave before their turn, and are forgotten then, and their owner too when it has no other', () => {
    const slots = asking(NO_SLOTS, ['a-1', 'b-1', 'b-2', 'c-1'], { all: 1 });
    const [b1, b2, c1] = [['b-1', 0] as const, ['b-2', 0] as const, ['c-1', 0] as const];
    assert.deepEqual(left(slots, 'b-1').lines, [
      { owner: 'b', jobs: [b2] },
      { owner: 'c', jobs: [c1] },
    ]);
    assert.deepEqual(left(slots, 'c-1').lines, [{ owner: 'b', jobs: [b1, b2] }]);
  });

  test('have one owner where nobody is asked', () => {
    const slots = ['1', '2', '3'].reduce((now, name) => ask(now, name, { perOwner: 2 }), NO_SLOTS);
    assert.deepEqual(going(slots), ['1', '2']);
    assert.deepEqual(slots.holders[0], { name: '1', isTold: false });
    assert.deepEqual(slots.lines, [{ jobs: [['3', 0]] }]);
  });

  test('go when the limits are raised, or taken away, by whoever asks next, also again', () => {
    const slots = asking(NO_SLOTS, ['a-1', 'a-2', 'a-3', 'a-4'], { all: 1 });
    assert.deepEqual(going(ask(slots, 'a-4', { all: 2 }, 'a')), ['a-1', 'a-2']);
    assert.deepEqual(going(ask(slots, 'a-4', {}, 'a')), ['a-1', 'a-2', 'a-3', 'a-4']);
    assert.deepEqual(going(ask(ask(slots, 'a-4', {}, 'a'), 'a-5', { all: 1 }, 'a')).length, 4, 'none is called back');
  });

  test('are told until they know, and once more when they ask again', () => {
    const slots = ask(NO_SLOTS, '1');
    assert.deepEqual(
      untold(slots, 9).map(({ name }) => name),
      ['1'],
    );
    assert.deepEqual(untold(told(slots, '1'), 9), []);
    assert.deepEqual(
      untold(ask(told(slots, '1'), '1'), 9).map(({ name }) => name),
      ['1'],
    );
    const three = ask(ask(slots, '2'), '3');
    assert.equal(untold(three, 2).length, 2);
    const unknowing = (now: Slots) => untold(now, 9).map(({ name }) => name);
    assert.deepEqual(unknowing(told(three, '2')), ['1', '3']);
    const all = ['1', '2', '3'].reduce(told, three);
    assert.deepEqual(unknowing(ask(all, '2')), ['2']);
  });

  test('are not taken when too many wait, so that what is known fits into a message', () => {
    const nameOf = (at: number) => `${String(at).padStart(6, '0')}${'x'.repeat(44)}`;
    const jobs = Array.from({ length: MAX_QUEUED }, (_, at) => [nameOf(at), 1_700_000_000_000 + at] as const);
    const full: Slots = { limits: { all: 1 }, holders: [{ name: 'go', isTold: true }], lines: [{ jobs }] };
    const more = { name: 'more', acceptedMs: 0 };
    assert.equal(enqueued(full, more), full);
    assert.ok(JSON.stringify(full).length < 1.5 * 1024 ** 2);
    assert.equal(countsOf(enqueued(left(full, nameOf(0)), more)).queued, MAX_QUEUED);
  });
});

test('jobs that go already take their places, and wait no more, however many they are', () => {
  const slots = asking(NO_SLOTS, ['a-0', 'a-1', 'a-2'], { all: 1 });
  const more = joined(slots, [{ name: 'a-1', owner: 'a' }, { name: 'old' }]);
  assert.deepEqual([going(more), countsOf(more).queued], [['a-0', 'a-1', 'old'], 1]);
  assert.deepEqual(
    untold(more, 9).map(({ name }) => name),
    ['a-0'],
  );
  assert.deepEqual(going(admitted(left(left(more, 'old'), 'a-0'))), ['a-1'], 'one goes still');
});

const aJobName = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(7)).map(([owner, number]) => `${owner}-${number}`);
const aStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('ask' as const), name: aJobName }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), name: aJobName }) },
);
const someLimits = fc.record(
  { all: fc.integer({ min: 1, max: 4 }), perOwner: fc.integer({ min: 1, max: 3 }) },
  { requiredKeys: [] },
);

describe('whatever is asked, and however often', () => {
  const all = (check: (slots: Slots, limits: InFlightLimits) => void) => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 60 }), someLimits, (steps, limits) => {
        let slots = NO_SLOTS;
        for (const { kind, name } of steps) {
          slots = kind === 'ask' ? ask(slots, name, limits, ownerOf(name)) : admitted(left(slots, name));
          check(slots, limits);
        }
      }),
      runs(1000),
    );
  };

  test('never more jobs go than may, in all and of each owner, and each is there once', () => {
    all((slots, { all: most = Infinity, perOwner = Infinity }) => {
      const names = going(slots);
      assert.ok(names.length <= most);
      for (const owner of 'abc') assert.ok(names.filter((name) => ownerOf(name) === owner).length <= perOwner);
      const everybody = [...names, ...waiting(slots)];
      assert.equal(new Set(everybody).size, everybody.length);
      assert.equal(new Set(slots.lines.map(({ owner }) => owner)).size, slots.lines.length);
      assert.ok(slots.lines.every(({ jobs }) => jobs.length > 0));
    });
  });

  test('nobody waits where there is room', () => {
    all((slots, { all: most = Infinity, perOwner = Infinity }) => {
      const names = going(slots);
      if (names.length >= most) return;
      for (const { owner } of slots.lines) {
        assert.equal(names.filter((name) => ownerOf(name) === owner).length, perOwner);
      }
    });
  });

  test('to ask again, or to leave again, changes nothing', () => {
    all((slots, limits) => {
      for (const name of waiting(slots))
        assert.equal(enqueued(slots, { name, owner: ownerOf(name), acceptedMs: 0 }), slots);
      for (const name of going(slots)) {
        assert.deepEqual(going(ask(slots, name, limits, ownerOf(name))), going(slots));
        assert.equal(left(left(slots, name), name).holders.length, slots.holders.length - 1);
      }
      assert.equal(left(slots, 'nobody'), slots);
      assert.equal(admitted(slots), slots);
    });
  });
});

test('jobs of one owner go in the order in which they came', () => {
  fc.assert(
    fc.property(fc.uniqueArray(aJobName, { maxLength: 20 }), someLimits, (names, limits) => {
      const order = orderFrom(asking(NO_SLOTS, names, limits));
      assert.equal(order.length, names.length);
      for (const owner of 'abc') assert.deepEqual(ownedBy(owner, order), ownedBy(owner, names));
    }),
    runs(500),
  );
});

test('jobs of one owner that wait go in the order in which they were accepted, in whichever they ask', () => {
  const jobs = fc.uniqueArray(fc.tuple(aJobName, fc.nat(99)), { maxLength: 20, selector: ([name]) => name });
  fc.assert(
    fc.property(jobs, (asked) => {
      const busy = ask(NO_SLOTS, 'z-0', { all: 1 }, 'z');
      const full = asked.reduce((now, [name, ms]) => ask(now, name, { all: 1 }, ownerOf(name), ms), busy);
      const order = orderFrom(full).slice(1);
      const byTime = asked.toSorted(([, a], [, b]) => a - b).map(([name]) => name);
      for (const owner of 'abc') assert.deepEqual(ownedBy(owner, order), ownedBy(owner, byTime));
    }),
    runs(500),
  );
});

test('no owner starves: before the first of its jobs goes, each owner ahead of it has one turn, whoever comes behind', () => {
  const aCrowd = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(99)), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(aCrowd, aCrowd, fc.integer({ min: 1, max: 3 }), (before, meanwhile, all) => {
      const nameOf = ([owner, number]: readonly [string, number], when: string) => `${owner}-${when}${number}`;
      let slots = asking(NO_SLOTS, ['z-0', 'y-0', 'x-0', ...before.map((one) => nameOf(one, 'b'))], { all });
      slots = ask(slots, 'poor-1', { all }, 'poor');
      const ahead = slots.lines.findIndex(({ owner }) => owner === 'poor');
      for (let turns = 0; slots.lines.some(({ owner }) => owner === 'poor'); turns++) {
        assert.ok(turns <= ahead, `${turns} turns`);
        const more = meanwhile[turns % meanwhile.length] ?? assert.fail();
        slots = ask(slots, nameOf(more, `m${turns}`), { all }, ownerOf(nameOf(more, '')));
        slots = admitted(left(slots, going(slots)[0] ?? ''));
      }
    }),
    runs(500),
  );
});
