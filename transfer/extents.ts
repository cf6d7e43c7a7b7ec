/** Which bytes of an archive belong to which of its parts: no two parts may share one. */
export interface Extents {
  /** Adds a part, from its first byte to the one behind its last. */
  add(start: number, end: number): void;
  /** True when the parts were added in the order of their beginnings, and all of them are remembered. */
  isInOrder(): boolean;
  /** The byte from which two parts overlap, or undefined. No part is added any more. */
  overlap(): number | undefined;
  /** Where the first part behind the one at `start` begins; Infinity behind the last. Only after {@link Extents.overlap}. */
  nextAfter(start: number): number;
}

/**
 * Remembers 16 bytes for each part, and sorts once.
 * @param maxParts so many parts are remembered; when there are more, none is said to overlap
 */
export function createExtents(maxParts = Infinity): Extents {
  const [starts, ends] = [createNumberList(), createNumberList()];
  let [sortedStarts, isComplete] = [new Float64Array(), true];
  let [isAscending, lastStart] = [true, -1];
  return {
    add(start, end) {
      isComplete &&= starts.length() < maxParts;
      if (!isComplete) return;
      isAscending &&= start > lastStart;
      lastStart = start;
      starts.push(start);
      ends.push(end);
    },
    isInOrder: () => isComplete && isAscending,
    overlap() {
      if (!isComplete) return undefined;
      sortedStarts = starts.sorted();
      return firstOverlap(sortedStarts, ends.sorted());
    },
    nextAfter: (start) => sortedStarts[firstAbove(sortedStarts, start)] ?? Infinity,
  };
}

/** Parts that share nothing come in one order, by their beginnings and by their ends: each ends before the next one begins. */
function firstOverlap(starts: Float64Array, ends: Float64Array): number | undefined {
  const index = ends.findIndex((end, at) => end > (starts[at + 1] ?? Infinity));
  return index < 0 ? undefined : starts[index + 1];
}

function firstAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

const FIRST_CAPACITY = 1024;

/** A list of numbers in 8 bytes apiece. */
function createNumberList() {
  let numbers = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  return {
    length: () => length,
    push(value: number): void {
      if (length === numbers.length) {
        const larger = new Float64Array(2 * length);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[length++] = value;
    },
    sorted: () => numbers.subarray(0, length).sort(),
  };
}
