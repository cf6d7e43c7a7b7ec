import type { Subject } from '../report.ts';

/** What a reader of the figures has to know. */
export const SUBJECT: Subject = {
  title: 'Benchmarks of many jobs',
  command: 'make bench-scale',
  file: 'benchmarks-scale',
  notes: `The nodes are [kwok](https://kwok.sigs.k8s.io)'s: all servers are real but the kubelet, so that pods run and end without a
container. An upload has no container either; the benchmark writes its object into the bucket, and its report into the status of the pod,
so that the service verifies a real object as ever. It answers for logs, too, whose streams stay open while a container runs. Memory is what is resident of both processes together. Requests to the API server are
those of the accounts of the service, watches and its lease among them, as the API server counts them; CPU is in percent of one core.
Growth is the exponent of the number of jobs, from a tenth to all of them: 0 is flat, 1 grows as the jobs do. Temporal and the
MongoDB-compatible server are the embedded ones, and all of it shares one machine. A burst is what two owners send at once where a hundred
jobs may go at one time; who was refused with 429 sends again. A slow worker is one that may take a part of a core only.`,
};
