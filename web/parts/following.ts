import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** What is closer to the end than this, in pixels, is at the end: more may have come while somebody scrolled there. */
const NEAR_END_PX = 80;

/** So long, in milliseconds, a browser may still scroll to where somebody wanted to go before. */
const SETTLING_MS = 1_000;

/** Keys that lead away from the end. */
const UPWARDS: readonly string[] = ['ArrowUp', 'PageUp', 'Home'];

/** Keeps the end of a log in sight. Who scrolls up wants to read there; who comes back to the end wants to follow again. */
export function useFollowing(
  content: unknown,
  isFollowing: boolean,
  setIsFollowing: (isFollowing: boolean) => void,
): Pick<JSX.IntrinsicElements['pre'], 'ref' | 'onScroll' | 'onWheel' | 'onKeyDown'> {
  const log = useRef<HTMLPreElement>(null);
  const lastTop = useRef(0);
  const wantedEndMs = useRef(-Infinity);
  // At once: later it could undo what somebody has scrolled since.
  useLayoutEffect(() => {
    if (isFollowing) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [content, isFollowing]);
  const leaveEnd = ({ scrollTop }: HTMLPreElement) => {
    wantedEndMs.current = -Infinity;
    if (scrollTop > 0) setIsFollowing(false);
  };
  return {
    ref: log,
    onScroll({ currentTarget }) {
      const { scrollTop, scrollHeight, clientHeight } = currentTarget;
      const aboveEnd = scrollHeight - scrollTop - clientHeight;
      const isUp = scrollTop < lastTop.current;
      lastTop.current = scrollTop;
      if (isUp && performance.now() - wantedEndMs.current < SETTLING_MS) currentTarget.scrollTo({ top: scrollHeight });
      else if (isUp && aboveEnd >= 2) setIsFollowing(false);
      else if (!isUp && aboveEnd < NEAR_END_PX) setIsFollowing(true);
    },
    // The wheel and keys are told before they have moved anything, and so before the next lines can take it back, or move the end away.
    onWheel({ currentTarget, deltaY }) {
      if (deltaY < 0) leaveEnd(currentTarget);
    },
    onKeyDown(event) {
      if (UPWARDS.includes(event.key)) leaveEnd(event.currentTarget);
      if (event.key !== 'End') return;
      // The browser would go to the end as it is now, and take its time.
      event.preventDefault();
      wantedEndMs.current = performance.now();
      setIsFollowing(true);
    },
  };
}
