import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistry } from '../../../metrics.ts';
import { createWatchMetrics } from '../../../worker/watch-metrics.ts';
import { anObservation } from '../../support/objects.ts';

/** Metrics, and what Prometheus would read of them, without the prefix. */
function watchMetrics() {
  const registry = createRegistry();
  const metrics = createWatchMetrics(registry);
  const read = async () => (await registry.metrics()).replaceAll(/^kubernetes_task_runner_/gm, '');
  return { metrics, read };
}

test('the lag of what is noticed is counted', async () => {
  const { metrics, read } = watchMetrics();
  metrics.lagSince(Date.now() - 60_000)('a', anObservation({ stage: 'succeeded' }), Date.now() - 2_500);
  const text = await read();
  assert.match(text, /^watch_lag_seconds_bucket\{le="2"\} 0$/m);
  assert.match(text, /^watch_lag_seconds_bucket\{le="3"\} 1$/m);
});

test('what happened before this process watched is no lag, and what has no time of its own is none', async () => {
  const { metrics, read } = watchMetrics();
  const countLag = metrics.lagSince(Date.now() - 1_000);
  countLag('a', anObservation({ stage: 'succeeded' }), Date.now() - 3_000);
  countLag('a', anObservation({ stage: 'missing' }), undefined);
  assert.match(await read(), /^watch_lag_seconds_count 0$/m);
});

test('open watches, their silence and their interruptions are told by resource', async () => {
  const { metrics, read } = watchMetrics();
  metrics.onOpen('jobs');
  metrics.onOpen('pods');
  metrics.onClose('pods');
  metrics.onInterrupted('pods', 'gone');
  const text = await read();
  assert.match(text, /^watches_open\{resource="jobs"\} 1$/m);
  assert.match(text, /^watches_open\{resource="pods"\} 0$/m);
  assert.match(text, /^watch_relists_total\{resource="pods",reason="gone"\} 1$/m);
  assert.match(text, /^watch_silence_seconds\{resource="jobs"\} 0(\.\d+)?$/m);
});

test('who leads and what became of signals is told', async () => {
  const { metrics, read } = watchMetrics();
  metrics.onLeadership({ leader: 'self' });
  metrics.onSignal('delivered');
  assert.match(await read(), /^watcher_leader 1$/m);
  metrics.onLeadership({ leader: 'other', identity: 'another', untilMs: Date.now() });
  const text = await read();
  assert.match(text, /^watcher_leader 0$/m);
  assert.match(text, /^signals_total\{outcome="delivered"\} 1$/m);
});
