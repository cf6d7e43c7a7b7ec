/** The address as it changes. */
import { useEffect, useState } from 'preact/hooks';
import { routeOf } from './route.ts';
import type { Route } from './route.ts';

/** The present route. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listen = () => setHash(location.hash);
    addEventListener('hashchange', listen);
    return () => removeEventListener('hashchange', listen);
  }, []);
  return routeOf(hash);
}
