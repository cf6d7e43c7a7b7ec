import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** What is closer to the end than this, in pixels, is at the end: more may have come while somebody scrolled there. */
const NEAR_END_PX = 80;

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
  // At once: later it could undo what somebody has scrolled since.
  useLayoutEffect(() => {
    if (isFollowing) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [content, isFollowing]);
  return {
    ref: log,
    onScroll({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) {
      const aboveEnd = scrollHeight - scrollTop - clientHeight;
      const isUp = scrollTop < lastTop.current;
      lastTop.current = scrollTop;
      if (isUp && aboveEnd >= 2) setIsFollowing(false);
      if (!isUp && aboveEnd < NEAR_END_PX) setIsFollowing(true);
    },
    // The wheel and keys are told before they have moved anything, and so before the next lines can take it back, or move the end away.
    onWheel({ currentTarget: { scrollTop }, deltaY }) {
      if (deltaY < 0 && scrollTop > 0) setIsFollowing(false);
    },
    onKeyDown(event) {
      const { key, currentTarget } = event;
      if (UPWARDS.includes(key) && currentTarget.scrollTop > 0) setIsFollowing(false);
      if (key !== 'End') return;
      // The browser would go to the end as it is now, and take its time.
      event.preventDefault();
      setIsFollowing(true);
    },
  };
}
