/** Shapes of the API's own document by the names that people use. */
import type { components, operations } from './schema.d.ts';

/** A job as the service tells it; fields that are not known yet are absent. */
export type Job = components['schemas']['Job'];
/** What is asked for: a name, or none, and what is run. */
export type JobRequest = components['schemas']['JobRequest'];
/** What is run, and with what. */
export type JobParameters = Extract<JobRequest['job_parameters'], { docker_image: string }>;
/** The answer of a list. */
export type JobList = operations['listBatchJobs']['responses'][200]['content']['application/json'];
/** Which jobs a list has; without a status those that run. */
export type JobFilter = NonNullable<operations['listBatchJobs']['parameters']['query']>;
/** Jobs by status, over time. */
export type JobCounts = operations['countJobs']['responses'][200]['content']['application/json']['data'];
/** What is in a zip. */
export type ZipFiles = operations['getBatchJobOutputFiles']['responses'][200]['content']['application/json']['data'];
/** Which log of a job, and from where on. */
export type LogQuery = NonNullable<operations['getBatchJobLogs']['parameters']['query']>;
