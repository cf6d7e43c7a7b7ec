/** Shapes of the API's own document by the names that people use. */
import type { components, operations } from './schema.d.ts';

/** What nobody changes who is given it. */
type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** The data of a call's answer. */
type DataOf<Call extends keyof operations> = operations[Call]['responses'] extends {
  200: { content: { 'application/json': { data: infer Data } } };
}
  ? DeepReadonly<Data>
  : never;

/** A job as the service tells it; fields that are not known yet are absent. */
export type Job = DeepReadonly<components['schemas']['Job']>;
/** What is asked for: a name, or none, and what is run. */
export type JobRequest = DeepReadonly<components['schemas']['JobRequest']>;
/** What is run, and with what. */
export type JobParameters = Extract<JobRequest['job_parameters'], { docker_image: string }>;
/** Which jobs a list has; without a status those that run. */
export type JobFilter = DeepReadonly<NonNullable<operations['listBatchJobs']['parameters']['query']>>;
/** Which log of a job, and from where on. */
export type LogQuery = NonNullable<operations['getBatchJobLogs']['parameters']['query']>;
/** Jobs by status, over time. */
export type JobCounts = DataOf<'countJobs'>;
/** What is in a zip. */
export type ZipFiles = DataOf<'getBatchJobOutputFiles'>;
