import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile } from '../../bench/figure.ts';
import { cpuMsIn, usageOf } from '../../bench/scale/process-usage.ts';
import { dispatchedIn, logsIn } from '../../bench/scale/requests.ts';

test('the CPU time of a process is that of all its threads, whatever it is called', () => {
  const stat = '42 (a (odd) name) S 1 42 42 0 -1 4194304 900 0 0 0 150 25 7 9 20 0 11 0 5000 1000 200';
  assert.equal(cpuMsIn(stat), 1_750);
});

test('the memory of a process is what is resident of it', () => {
  const { residentBytes, cpuMs } = usageOf(process.pid);
  assert.ok(residentBytes > 10 * 1024 ** 2 && residentBytes < 8 * 1024 ** 3, `${residentBytes}`);
  assert.ok(cpuMs > 0);
});

test('requests are those of one flow, whatever their priority', () => {
  const name = 'apiserver_flowcontrol_dispatched_requests_total';
  const metrics = [
    `# TYPE ${name} counter`,
    `${name}{flow_schema="own",priority_level="exempt"} 41`,
    `${name}{flow_schema="own",priority_level="workload-low"} 1`,
    `${name}{flow_schema="own-service",priority_level="exempt"} 500`,
    'apiserver_flowcontrol_rejected_requests_total{flow_schema="own"} 7',
  ];
  assert.deepEqual([dispatchedIn(metrics.join('\n'), 'own'), dispatchedIn('', 'own')], [42, 0]);
});

test('requests for logs, which belong to no flow, are those of all containers', () => {
  const metrics = [
    'apiserver_request_total{code="200",resource="pods",subresource="log",verb="GET",version="v1"} 12',
    'apiserver_request_total{code="400",resource="pods",subresource="log",verb="GET",version="v1"} 3',
    'apiserver_request_total{code="200",resource="pods",subresource="",verb="GET",version="v1"} 99',
  ];
  assert.equal(logsIn(metrics.join('\n')), 15);
});

test('percentiles are taken of what was measured: of a hundred values the 99th, of twenty the 19th', () => {
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => count - at);
  assert.deepEqual([percentile(99, upTo(100)), percentile(99, upTo(20)), percentile(99, [5])], [99, 20, 5]);
  assert.deepEqual([percentile(95, upTo(100)), percentile(95, upTo(20)), percentile(95, [])], [95, 19, NaN]);
});
