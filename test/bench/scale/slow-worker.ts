import type { Closing } from '../../support/scope.ts';
import { usageOf } from './process-usage.ts';

const LOOK_MS = 10;
/** What a process may take at once of what it has not taken before. */
const MOST_SAVED_MS = 50;

/**
 * Lets a process have so many percent of one core, by stopping it whenever it has had more, until what is returned is called, or `scope`
 * ends. So one worker is slower than all that is behind it, on a machine of any size.
 */
export function slowDown(scope: Closing, pid: number, percent: number): () => void {
  let [seen, budgetMs, isStopped] = [{ atMs: performance.now(), cpuMs: usageOf(pid).cpuMs }, 0, false];
  const look = () => {
    const now = { atMs: performance.now(), cpuMs: usageOf(pid).cpuMs };
    const earnedMs = ((now.atMs - seen.atMs) * percent) / 100;
    budgetMs = Math.min(budgetMs + earnedMs - (now.cpuMs - seen.cpuMs), MOST_SAVED_MS);
    seen = now;
    if (isStopped !== budgetMs < 0) process.kill(pid, isStopped ? 'SIGCONT' : 'SIGSTOP');
    isStopped = budgetMs < 0;
  };
  const timer = setInterval(look, LOOK_MS);
  const release = () => {
    clearInterval(timer);
    if (isStopped) process.kill(pid, 'SIGCONT');
    isStopped = false;
  };
  scope.after(release);
  return release;
}
