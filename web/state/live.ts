/** What comes from the API as it changes. */
import { useEffect, useState } from 'preact/hooks';
import { isApiRefusal } from '../../client/errors.ts';
import { useSession } from './session.ts';

/** The newest of a stream. */
export interface Live<T> {
  readonly value: T | undefined;
  /** Since when nothing can be had, and why; absent while all is well. */
  readonly trouble: string | undefined;
  /** The service has said no for good. */
  readonly refusal: Error | undefined;
}

/** Follows a stream for as long as it is shown; begins anew when one of `inputs` changes. */
export function useLive<T>(
  open: (options: { signal: AbortSignal; onTrouble: (error: unknown) => void }) => AsyncIterable<T>,
  inputs: readonly unknown[],
): Live<T> {
  const { signOut } = useSession();
  const [value, setValue] = useState<T>();
  const [trouble, setTrouble] = useState<string>();
  const [refusal, setRefusal] = useState<Error>();
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    setRefusal(undefined);
    const follow = async () => {
      for await (const next of open({ signal, onTrouble: (error) => setTrouble((error as Error).message) })) {
        if (signal.aborted) return;
        setTrouble(undefined);
        setValue(() => next);
      }
    };
    follow().catch((error: unknown) => {
      if (signal.aborted) return;
      if (isApiRefusal(error) && error.status === 401) signOut();
      setRefusal(error as Error);
    });
    return () => leaving.abort(new Error('not shown any more'));
  }, inputs);
  return { value, trouble, refusal };
}

/** The clock, for what counts: every second while it is shown. */
export function useNow(isTicking: boolean): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return nowMs;
}
