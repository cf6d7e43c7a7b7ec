// Made of the API's document by `npm run client-types`.
export interface paths {
    "/batch/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists jobs, newest first
         * @description Who accepts `text/event-stream` alone gets the page as it is, and as it is after each change.
         */
        get: operations["listBatchJobs"];
        put?: never;
        /**
         * Sends a job
         * @description The answer comes when the job has started, or some seconds later: see `Prefer`.
         */
        post: operations["createBatchJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batch/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one job */
        get: operations["getBatchJob"];
        put?: never;
        post?: never;
        /**
         * Kills a job
         * @description The answer comes when nothing of it is left on the cluster, or some seconds later: see `Prefer`.
         */
        delete: operations["deleteBatchJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batch/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The job's states as they come
         * @description Server-sent events called `job`. `data` is what `GET /batch/{id}` has as `data`, `id` the revision.
         */
        get: operations["getBatchJobEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batch/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log of a container */
        get: operations["getBatchJobLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batch/{id}/output": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The output zip */
        get: operations["getBatchJobOutput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batch/{id}/output/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is in the output zip */
        get: operations["getBatchJobOutputFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batch/{id}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The input zip */
        get: operations["getBatchJobInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batch/{id}/input/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is in the input zip */
        get: operations["getBatchJobInputFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs by status, over time */
        get: operations["countJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/codec/decode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decrypts payloads for Temporal's Web UI and command line */
        post: operations["decodePayloads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/codec/encode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Encrypts payloads, as this deployment does */
        post: operations["encodePayloads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Temporal, MongoDB and the bucket answer too */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page to read this document and to try the calls */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/{asset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What that page is made of */
        get: operations["getDocsAsset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A job, as it is asked for: at most 32 levels deep, with at most 10,000 values. */
        JobRequest: {
            name?: string | null;
            /**
             * @description Accepted and ignored.
             * @example created
             */
            status?: unknown;
            job_parameters: components["schemas"]["JobParameters"];
        };
        /** @description What is run, and with what. */
        JobParameters: {
            /**
             * @description The image that is run; a service may allow some only.
             * @example python
             */
            docker_image: string;
            /** @description Replaces the image's ENTRYPOINT. */
            command?: string[] | null;
            /** @description Replaces the image's CMD. */
            args?: string[] | null;
            environment_variables?: {
                [key: string]: string | {
                    secret: string;
                } | {
                    value: string;
                    sensitive: boolean;
                };
            } | null;
            resources?: {
                limits?: {
                    [key: string]: (string | number | 0) | (string | number);
                } | null;
                requests?: {
                    [key: string]: (string | number | 0) | (string | number);
                } | null;
            } | null;
            /**
             * @description Seconds that the task may run; a service may have a limit.
             * @example 3600
             */
            timeout_seconds?: number | null;
            /**
             * @description Seconds until the first container must run, and again until the task runs after its input has come; a service has a limit.
             * @example 900
             */
            start_timeout_seconds?: number | null;
            /**
             * @description Seconds that the task has to end by itself when it is stopped; 10 without it.
             * @example 30
             */
            grace_seconds?: number | null;
            /** @description When the output is kept: of a task that ended with 0, or also of one that failed or ran out of time. */
            outputs_on?: ("success" | "always") | null;
            storage?: {
                /** @description Whether /input and /output lie on claims, which outlive a pod, or in folders of the one pod that does all, which is quicker. */
                mode?: ("persistent" | "ephemeral") | null;
                /**
                 * @description Size of /input, and of /output, as a Kubernetes quantity of at least one byte.
                 * @example 10Gi
                 */
                size?: string | number | null;
                class?: string | null;
            } | null;
            node_selector?: {
                [key: string]: string;
            } | null;
            tolerations?: ({
                key?: string;
                /** @enum {string} */
                operator?: "Exists" | "Equal";
                value?: string;
                /** @enum {string} */
                effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
                tolerationSeconds?: number;
            } & ((unknown | {
                /** @constant */
                operator: "Exists";
            }) & ({
                /** @constant */
                operator?: "Equal";
            } | {
                /** @constant */
                value?: "";
            }) & unknown))[] | null;
            labels?: {
                [key: string]: string;
            } | null;
            priority_class?: string | null;
            queue?: string | null;
            /** @description When the node pulls the image; IfNotPresent without it. */
            image_pull_policy?: ("Always" | "IfNotPresent" | "Never") | null;
            retry?: {
                /** @description Most attempts, the first among them; 3 without it. Those that the cluster disrupted do not count. 1: whatever happens, there is no second one. */
                max_attempts?: number | null;
                /**
                 * @description Failures to try again after. Without `reasons`, `exit_codes` and `memory_factor`: all that are `retryable`.
                 * @example [
                 *       "ImagePullTimeout"
                 *     ]
                 */
                reasons?: ("UserError" | "OOMKilled" | "Evicted" | "NodeLost" | "DiskFull" | "ImageNotFound" | "ImageUnauthorized" | "InvalidImageName" | "ImagePullTimeout" | "Unschedulable" | "StartTimeout" | "RunTimeout" | "InputInvalid" | "InputTooLarge" | "InputUnavailable" | "OutputTooLarge" | "OutputUploadFailed" | "ConfigError" | "ClusterError" | "Unknown")[] | null;
                /**
                 * @description Exit codes of the task to try again after.
                 * @example [
                 *       75
                 *     ]
                 */
                exit_codes?: number[] | null;
                /** @description Seconds before the second attempt, twice as many before each further one, 3600 at most; 10 without it. */
                backoff_seconds?: number | null;
                /**
                 * @description A task that ran out of memory is tried again with so many times the memory.
                 * @example 2
                 */
                memory_factor?: number | null;
            } | null;
            input_zip?: string | null;
            input_url?: string | null;
            input_from?: string | null;
        } | {
            input_url?: unknown;
            input_from?: unknown;
        } | {
            input_zip?: unknown;
            input_from?: unknown;
        } | {
            input_zip?: unknown;
            input_url?: unknown;
        };
        Payloads: {
            payloads: {
                /**
                 * @description How `data` is to be read; each value in Base64.
                 * @example {
                 *       "encoding": "anNvbi9wbGFpbg=="
                 *     }
                 */
                metadata?: {
                    [key: string]: string;
                };
                /**
                 * Format: base64
                 * @description Bytes in Base64.
                 * @example InRlc3QiCg==
                 */
                data?: string;
            }[];
        };
        /** @description A job. Fields that are not known yet are absent. */
        Job: {
            /** @description When it was accepted, in epoch milliseconds. */
            created: number;
            /** Format: uuid */
            id: string;
            /** @description What was asked for, without the input. */
            job_parameters: {
                /** @example python */
                docker_image: string;
                command?: string[];
                args?: string[];
                environment_variables?: {
                    [key: string]: string | {
                        secret: string;
                    } | {
                        /** @constant */
                        sensitive: true;
                    };
                };
                resources?: {
                    limits?: {
                        [key: string]: string;
                    };
                    requests?: {
                        [key: string]: string;
                    };
                };
                timeout_seconds?: number;
                start_timeout_seconds?: number;
                grace_seconds?: number;
                /** @enum {string} */
                outputs_on?: "success" | "always";
                storage?: {
                    /** @enum {string} */
                    mode?: "persistent" | "ephemeral";
                    size?: string;
                    class?: string;
                };
                node_selector?: {
                    [key: string]: string;
                };
                tolerations?: {
                    key?: string;
                    /** @enum {string} */
                    operator?: "Exists" | "Equal";
                    value?: string;
                    /** @enum {string} */
                    effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
                    tolerationSeconds?: number;
                }[];
                labels?: {
                    [key: string]: string;
                };
                priority_class?: string;
                queue?: string;
                /** @enum {string} */
                image_pull_policy?: "Always" | "IfNotPresent" | "Never";
                retry?: {
                    max_attempts?: number;
                    reasons?: ("UserError" | "OOMKilled" | "Evicted" | "NodeLost" | "DiskFull" | "ImageNotFound" | "ImageUnauthorized" | "InvalidImageName" | "ImagePullTimeout" | "Unschedulable" | "StartTimeout" | "RunTimeout" | "InputInvalid" | "InputTooLarge" | "InputUnavailable" | "OutputTooLarge" | "OutputUploadFailed" | "ConfigError" | "ClusterError" | "Unknown")[];
                    exit_codes?: number[];
                    backoff_seconds?: number;
                    memory_factor?: number;
                };
            };
            name: string;
            /** @description Whose job it is; absent where nobody is asked. */
            owner?: string;
            /**
             * Format: uri
             * @description Where the output is, signed for this answer.
             */
            output_file_url?: string;
            /** @description When it started, in epoch milliseconds. */
            start_time?: number;
            /** @enum {string} */
            status: "created" | "running" | "cleaning" | "succeeded" | "failed" | "killed";
            /** @description When it ended, in epoch milliseconds. */
            stop_time?: number;
            /**
             * @description What it is doing within its status.
             * @enum {string}
             */
            phase: "queued" | "preparing" | "starting" | "downloading" | "running" | "uploading" | "deleting" | "ended";
            /** @description When each phase of the present attempt began, in epoch milliseconds. */
            phase_times?: {
                [key: string]: number;
            };
            /** @description What a single job waits for, in the words of the cluster, as it is at this moment. */
            explain?: string;
            /** @description Of the task; absent while unknown. */
            exit_code?: number;
            /** @description The first cause of a failure. */
            failure?: {
                /** @enum {string} */
                reason: "UserError" | "OOMKilled" | "Evicted" | "NodeLost" | "DiskFull" | "ImageNotFound" | "ImageUnauthorized" | "InvalidImageName" | "ImagePullTimeout" | "Unschedulable" | "StartTimeout" | "RunTimeout" | "InputInvalid" | "InputTooLarge" | "InputUnavailable" | "OutputTooLarge" | "OutputUploadFailed" | "ConfigError" | "ClusterError" | "Unknown";
                /**
                 * @description What the job was doing when it failed.
                 * @enum {string}
                 */
                phase: "queued" | "preparing" | "starting" | "downloading" | "running" | "uploading" | "deleting" | "ended";
                /** @enum {string} */
                container?: "input" | "task" | "cleanup";
                exit_code?: number;
                signal?: number;
                message: string;
                /** @description What may help. */
                hint?: string;
                /** @description The same job may well succeed when it is sent again. */
                retryable: boolean;
            };
            /** @description Attempts before the present one, oldest first; absent when there was one only. */
            attempts?: {
                failure: {
                    /** @enum {string} */
                    reason: "UserError" | "OOMKilled" | "Evicted" | "NodeLost" | "DiskFull" | "ImageNotFound" | "ImageUnauthorized" | "InvalidImageName" | "ImagePullTimeout" | "Unschedulable" | "StartTimeout" | "RunTimeout" | "InputInvalid" | "InputTooLarge" | "InputUnavailable" | "OutputTooLarge" | "OutputUploadFailed" | "ConfigError" | "ClusterError" | "Unknown";
                    /**
                     * @description What the job was doing when it failed.
                     * @enum {string}
                     */
                    phase: "queued" | "preparing" | "starting" | "downloading" | "running" | "uploading" | "deleting" | "ended";
                    /** @enum {string} */
                    container?: "input" | "task" | "cleanup";
                    exit_code?: number;
                    signal?: number;
                    message: string;
                    /** @description What may help. */
                    hint?: string;
                    /** @description The same job may well succeed when it is sent again. */
                    retryable: boolean;
                };
                /** @description Of the task; absent when it has none. */
                exit_code?: number;
                /** @description When its pod started, in epoch milliseconds. */
                start_time?: number;
                /** @description When it was given up, in epoch milliseconds. */
                stop_time: number;
            }[];
            /** @description The output zip, as it was verified. */
            output?: {
                bytes: number;
                /** @description Files, folders and links in the zip. */
                files: number;
                /** @description CRC32C of the zip, Base64 of the big-endian value. */
                crc32c: string;
                /** @description False when the task failed, or ran out of time, or when some of the output could not be read. */
                complete: boolean;
                /** @description How many links that lead out of the output, and special files, were left out; absent when none were. */
                skipped?: number;
            };
            /** @description As it was sent with. */
            labels?: {
                [key: string]: string;
            };
            /** @description When the cluster had nothing of the job left, in epoch milliseconds. */
            released_time?: number;
            /** @description The workflow of the job in Temporal. */
            workflow_id: string;
            /** @description A kill is under way, or was. */
            kill_requested: boolean;
        };
        /** @description What is wrong, field by field, nested as the request is. */
        Faults: {
            [key: string]: string | components["schemas"]["Faults"];
        };
        PayloadsOutput: {
            payloads: {
                /**
                 * @description How `data` is to be read; each value in Base64.
                 * @example {
                 *       "encoding": "anNvbi9wbGFpbg=="
                 *     }
                 */
                metadata?: {
                    [key: string]: string;
                };
                /**
                 * Format: base64
                 * @description Bytes in Base64.
                 * @example InRlc3QiCg==
                 */
                data?: string;
            }[];
        };
    };
    responses: {
        /** @description Nobody says who asks, or what says it is not good. Only where `API_AUTH` asks for it. */
        Unauthorized: {
            headers: {
                /** @description As RFC 6750 has it. */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "Unauthorized";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The credential does not have the scope of the call; or a page of another site made a browser send this, or it came under a name that is none of the API. */
        Forbidden: {
            headers: {
                "WWW-Authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "Forbidden";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The address does not take the method. */
        MethodNotAllowed: {
            headers: {
                /** @description The methods that it takes. */
                Allow: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "MethodNotAllowed";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The request did not come in time. */
        RequestTimeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "RequestError";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description An `Expect` that nobody knows. */
        ExpectationFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "RequestError";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The owner has sent too many requests, or has too many at one time; or too many API keys from this address were wrong. */
        TooManyRequests: {
            headers: {
                /** @description Seconds to wait before the next try. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "TooManyRequests";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The headers are larger than 16 KiB. */
        HeadersTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "RequestError";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description Something went wrong here. */
        InternalError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "InternalError";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description Something that is needed is away. The same request may succeed later. */
        ServiceUnavailable: {
            headers: {
                /** @description Seconds to wait before the next try. */
                "Retry-After": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "ServiceUnavailable";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The key stands for another request. */
        IdempotencyKeyReused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "IdempotencyKeyReused";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The request is too large. */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "PayloadTooLarge";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The body is neither JSON nor a form, or it is compressed. */
        UnsupportedMediaType: {
            headers: {
                /** @description The codings that are taken, when the body had another one. */
                "Accept-Encoding"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "UnsupportedMediaType";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description There is no such job. */
        DoesNotExist: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "DoesNotExist";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The request is no HTTP/1.1. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "RequestError";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
        /** @description The request came under a name that is none of the API. Only where `API_AUTH` asks nobody. */
        OtherHost: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": {
                    /** @constant */
                    data: "";
                    /** @enum {string} */
                    error: "Forbidden";
                    msg: string;
                    /** @constant */
                    result: false;
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listBatchJobs: {
        parameters: {
            query?: {
                status?: string[];
                /** @description Jobs on a page. */
                limit?: number;
                /** @description The first characters of the name. */
                name_prefix?: string;
                label?: string[];
                /** @description Whose jobs; all that the credential may see without it. */
                owner?: string;
                /** @description Epoch milliseconds, themselves left out. */
                created_after?: number;
                /** @description Epoch milliseconds, themselves left out. */
                created_before?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The jobs that meet every parameter. */
            200: {
                headers: {
                    /** @description The next page, as `rel="next"`; absent on the last. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Job"][];
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                    /**
                     * @example {
                     *       "event": "jobs",
                     *       "data": "{\"jobs\":[{\"created\":1527121792553,\"id\":\"1e0e788e-58b0-4a06-a7a8-4c6307ed37cd\",\"job_parameters\":{\"docker_image\":\"python\"},\"name\":\"python-1527121792553\",\"output_file_url\":\"https://storage.googleapis.com/batch-jobs/python-1527121792553-output.zip?X-Goog-Signature=0b5c\",\"start_time\":1527121793000,\"status\":\"succeeded\",\"stop_time\":1527121886591,\"phase\":\"ended\",\"exit_code\":0,\"output\":{\"bytes\":4096,\"files\":3,\"crc32c\":\"AAAAAA==\",\"complete\":true,\"skipped\":1},\"workflow_id\":\"batch-job/python-1527121792553\",\"kill_requested\":false},{\"created\":1527122339156,\"id\":\"54723389-05d1-40c8-add2-bd18f2395ebf\",\"job_parameters\":{\"docker_image\":\"alpine\"},\"name\":\"alpine-1527122339156\",\"start_time\":1527122340000,\"status\":\"cleaning\",\"phase\":\"uploading\",\"exit_code\":0,\"workflow_id\":\"batch-job/alpine-1527122339156\",\"kill_requested\":false}]}"
                     *     }
                     */
                    "text/event-stream": {
                        /** @constant */
                        event: "jobs";
                        /** @description The jobs of the page, and where the next one begins; absent on the last. */
                        data: string;
                    };
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createBatchJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: answer at once. `wait=N`: answer when the job has started, or after N seconds (60 at most). */
                Prefer?: string;
                "Idempotency-Key"?: string;
                /** @description RFC 9530, with `sha-256` or `sha-512`: it is compared with the content that arrived. */
                "Content-Digest"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobRequest"];
                "multipart/form-data": {
                    job: components["schemas"]["JobRequest"];
                    /**
                     * Format: binary
                     * @description The input zip, after the part `job`. It is streamed.
                     */
                    input?: string;
                };
            };
        };
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    /** @description Changes with every change of the job. */
                    ETag: string;
                    /** @description Said when `respond-async` was heard. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Job"];
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyKeyReused"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description The job failed before it ran; or something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description When it was accepted, in epoch milliseconds. */
                            created: number;
                            /** Format: uuid */
                            id: string;
                            /** @description What was asked for, without the input. */
                            job_parameters: {
                                /** @example python */
                                docker_image: string;
                                command?: string[];
                                args?: string[];
                                environment_variables?: {
                                    [key: string]: string | {
                                        secret: string;
                                    } | {
                                        /** @constant */
                                        sensitive: true;
                                    };
                                };
                                resources?: {
                                    limits?: {
                                        [key: string]: string;
                                    };
                                    requests?: {
                                        [key: string]: string;
                                    };
                                };
                                timeout_seconds?: number;
                                start_timeout_seconds?: number;
                                grace_seconds?: number;
                                /** @enum {string} */
                                outputs_on?: "success" | "always";
                                storage?: {
                                    /** @enum {string} */
                                    mode?: "persistent" | "ephemeral";
                                    size?: string;
                                    class?: string;
                                };
                                node_selector?: {
                                    [key: string]: string;
                                };
                                tolerations?: {
                                    key?: string;
                                    /** @enum {string} */
                                    operator?: "Exists" | "Equal";
                                    value?: string;
                                    /** @enum {string} */
                                    effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
                                    tolerationSeconds?: number;
                                }[];
                                labels?: {
                                    [key: string]: string;
                                };
                                priority_class?: string;
                                queue?: string;
                                /** @enum {string} */
                                image_pull_policy?: "Always" | "IfNotPresent" | "Never";
                                retry?: {
                                    max_attempts?: number;
                                    reasons?: ("UserError" | "OOMKilled" | "Evicted" | "NodeLost" | "DiskFull" | "ImageNotFound" | "ImageUnauthorized" | "InvalidImageName" | "ImagePullTimeout" | "Unschedulable" | "StartTimeout" | "RunTimeout" | "InputInvalid" | "InputTooLarge" | "InputUnavailable" | "OutputTooLarge" | "OutputUploadFailed" | "ConfigError" | "ClusterError" | "Unknown")[];
                                    exit_codes?: number[];
                                    backoff_seconds?: number;
                                    memory_factor?: number;
                                };
                            };
                            name: string;
                            /** @description Whose job it is; absent where nobody is asked. */
                            owner?: string;
                            /**
                             * Format: uri
                             * @description Where the output is, signed for this answer.
                             */
                            output_file_url?: string;
                            /** @description When it started, in epoch milliseconds. */
                            start_time?: number;
                            /** @enum {string} */
                            status: "created" | "running" | "cleaning" | "succeeded" | "failed" | "killed";
                            /** @description When it ended, in epoch milliseconds. */
                            stop_time?: number;
                            /**
                             * @description What it is doing within its status.
                             * @enum {string}
                             */
                            phase: "queued" | "preparing" | "starting" | "downloading" | "running" | "uploading" | "deleting" | "ended";
                            /** @description When each phase of the present attempt began, in epoch milliseconds. */
                            phase_times?: {
                                [key: string]: number;
                            };
                            /** @description What a single job waits for, in the words of the cluster, as it is at this moment. */
                            explain?: string;
                            /** @description Of the task; absent while unknown. */
                            exit_code?: number;
                            /** @description The first cause of a failure. */
                            failure?: {
                                /** @enum {string} */
                                reason: "UserError" | "OOMKilled" | "Evicted" | "NodeLost" | "DiskFull" | "ImageNotFound" | "ImageUnauthorized" | "InvalidImageName" | "ImagePullTimeout" | "Unschedulable" | "StartTimeout" | "RunTimeout" | "InputInvalid" | "InputTooLarge" | "InputUnavailable" | "OutputTooLarge" | "OutputUploadFailed" | "ConfigError" | "ClusterError" | "Unknown";
                                /**
                                 * @description What the job was doing when it failed.
                                 * @enum {string}
                                 */
                                phase: "queued" | "preparing" | "starting" | "downloading" | "running" | "uploading" | "deleting" | "ended";
                                /** @enum {string} */
                                container?: "input" | "task" | "cleanup";
                                exit_code?: number;
                                signal?: number;
                                message: string;
                                /** @description What may help. */
                                hint?: string;
                                /** @description The same job may well succeed when it is sent again. */
                                retryable: boolean;
                            };
                            /** @description Attempts before the present one, oldest first; absent when there was one only. */
                            attempts?: {
                                failure: {
                                    /** @enum {string} */
                                    reason: "UserError" | "OOMKilled" | "Evicted" | "NodeLost" | "DiskFull" | "ImageNotFound" | "ImageUnauthorized" | "InvalidImageName" | "ImagePullTimeout" | "Unschedulable" | "StartTimeout" | "RunTimeout" | "InputInvalid" | "InputTooLarge" | "InputUnavailable" | "OutputTooLarge" | "OutputUploadFailed" | "ConfigError" | "ClusterError" | "Unknown";
                                    /**
                                     * @description What the job was doing when it failed.
                                     * @enum {string}
                                     */
                                    phase: "queued" | "preparing" | "starting" | "downloading" | "running" | "uploading" | "deleting" | "ended";
                                    /** @enum {string} */
                                    container?: "input" | "task" | "cleanup";
                                    exit_code?: number;
                                    signal?: number;
                                    message: string;
                                    /** @description What may help. */
                                    hint?: string;
                                    /** @description The same job may well succeed when it is sent again. */
                                    retryable: boolean;
                                };
                                /** @description Of the task; absent when it has none. */
                                exit_code?: number;
                                /** @description When its pod started, in epoch milliseconds. */
                                start_time?: number;
                                /** @description When it was given up, in epoch milliseconds. */
                                stop_time: number;
                            }[];
                            /** @description The output zip, as it was verified. */
                            output?: {
                                bytes: number;
                                /** @description Files, folders and links in the zip. */
                                files: number;
                                /** @description CRC32C of the zip, Base64 of the big-endian value. */
                                crc32c: string;
                                /** @description False when the task failed, or ran out of time, or when some of the output could not be read. */
                                complete: boolean;
                                /** @description How many links that lead out of the output, and special files, were left out; absent when none were. */
                                skipped?: number;
                            };
                            /** @description As it was sent with. */
                            labels?: {
                                [key: string]: string;
                            };
                            /** @description When the cluster had nothing of the job left, in epoch milliseconds. */
                            released_time?: number;
                            /** @description The workflow of the job in Temporal. */
                            workflow_id: string;
                            /** @description A kill is under way, or was. */
                            kill_requested: boolean;
                            /** @description The cluster's own answer. */
                            cluster_response?: unknown;
                            /** @description The pod that did not start. */
                            last_pod_response?: unknown;
                        } | "";
                        /** @enum {string} */
                        error: "ClusterError" | "InternalError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            /** @description Something that is needed is away, or the service holds too many request bodies. The same request may succeed later. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        data: "";
                        /** @enum {string} */
                        error: "ServiceUnavailable";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
        };
    };
    getBatchJob: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the job's next change. */
                wait?: number;
            };
            header?: {
                /** @description The `ETag` of the last answer: with `wait`, no change since then is missed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id or the name of the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    /** @description Changes with every change of the job. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Job"];
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["DoesNotExist"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteBatchJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description `respond-async`: answer at once. `wait=N`: answer when nothing of the job is left, or after N seconds (60 at most). */
                Prefer?: string;
            };
            path: {
                /** @description The id or the name of the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job is killed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Job"];
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                };
            };
            /** @description The job is being killed. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Job"];
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["DoesNotExist"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            /** @description The cluster refuses the deletion, which is tried again; or something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description The cluster's own answer. */
                            cluster_response: unknown;
                        } | "";
                        /** @enum {string} */
                        error: "ClusterError" | "InternalError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getBatchJobEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `id` of the last event that was seen: the stream begins after it. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The id or the name of the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job as it is, and after each change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "9",
                     *       "event": "job",
                     *       "data": "{\"created\":1527121792553,\"id\":\"1e0e788e-58b0-4a06-a7a8-4c6307ed37cd\",\"job_parameters\":{\"docker_image\":\"python\"},\"name\":\"python-1527121792553\",\"output_file_url\":\"https://storage.googleapis.com/batch-jobs/python-1527121792553-output.zip?X-Goog-Signature=0b5c\",\"start_time\":1527121793000,\"status\":\"succeeded\",\"stop_time\":1527121886591,\"phase\":\"ended\",\"exit_code\":0,\"output\":{\"bytes\":4096,\"files\":3,\"crc32c\":\"AAAAAA==\",\"complete\":true,\"skipped\":1},\"workflow_id\":\"batch-job/python-1527121792553\",\"kill_requested\":false}"
                     *     }
                     */
                    "text/event-stream": {
                        /** @description The revision of the job, which grows with every change. */
                        id: string;
                        /** @constant */
                        event: "job";
                        /** @description The job. */
                        data: string;
                    };
                };
            };
            /** @description The client has seen the last state. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["DoesNotExist"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getBatchJobLogs: {
        parameters: {
            query?: {
                /** @description Whose log. */
                container?: "input" | "task" | "cleanup";
                /** @description Of which attempt; the last one without it. */
                attempt?: number;
                /** @description Waits for the container to start, and goes on until it ends. A bare `follow` is yes. */
                follow?: "0" | "1" | "" | "true" | "false";
                /** @description Lines before the end to begin with, within the last mebibyte of the log. A log that is followed on the cluster begins with all of these lines. */
                tail?: number;
                /** @description Bytes to leave out, for who has them already: a log only grows. Of `tail`, when that is given, too. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description The id or the name of the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["DoesNotExist"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getBatchJobOutput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the name of the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The zip is there. */
            302: {
                headers: {
                    /** @description A fresh signed address of the zip. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "text/plain": string;
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["DoesNotExist"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getBatchJobOutputFiles: {
        parameters: {
            query?: {
                /** @description Files that are told, in the order of the zip, as far as their names have at most 4 MiB together. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id or the name of the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The first files of the zip. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            files: {
                                /**
                                 * @description Path within the zip; that of a folder ends in `/`.
                                 * @example words.txt
                                 */
                                name: string;
                                /** @description Size of the file. */
                                bytes: number;
                                /** @description What it takes in the zip. */
                                compressed_bytes: number;
                                /** @description Epoch milliseconds. */
                                modified: number;
                            }[];
                            /** @description Files and folders of the zip, also those that are not told. */
                            total: number;
                            /**
                             * Format: uri
                             * @description Where the zip is, signed for this answer.
                             */
                            url: string;
                        };
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["DoesNotExist"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getBatchJobInput: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id or the name of the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The zip is there. */
            302: {
                headers: {
                    /** @description A fresh signed address of the zip. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "text/plain": string;
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["DoesNotExist"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getBatchJobInputFiles: {
        parameters: {
            query?: {
                /** @description Files that are told, in the order of the zip, as far as their names have at most 4 MiB together. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id or the name of the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The first files of the zip. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            files: {
                                /**
                                 * @description Path within the zip; that of a folder ends in `/`.
                                 * @example words.txt
                                 */
                                name: string;
                                /** @description Size of the file. */
                                bytes: number;
                                /** @description What it takes in the zip. */
                                compressed_bytes: number;
                                /** @description Epoch milliseconds. */
                                modified: number;
                            }[];
                            /** @description Files and folders of the zip, also those that are not told. */
                            total: number;
                            /**
                             * Format: uri
                             * @description Where the zip is, signed for this answer.
                             */
                            url: string;
                        };
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["DoesNotExist"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    countJobs: {
        parameters: {
            query?: {
                /** @description Hours up to now, in 24 parts. */
                hours?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many jobs came, by what has become of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description When the first part begins, in epoch milliseconds. */
                            from: number;
                            /** @description How long each part is. */
                            step_seconds: number;
                            /** @description Of each part, jobs that were created in it, by what has become of them. */
                            counts: {
                                [key: string]: number;
                            }[];
                        };
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    decodePayloads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "payloads": [
                 *         {
                 *           "metadata": {
                 *             "encoding": "anNvbi9wbGFpbg=="
                 *           },
                 *           "data": "InRlc3QiCg=="
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Payloads"];
            };
        };
        responses: {
            /** @description The payloads, without an envelope, as Temporal has it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payloads": [
                     *         {
                     *           "metadata": {
                     *             "encoding": "anNvbi9wbGFpbg=="
                     *           },
                     *           "data": "InRlc3QiCg=="
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PayloadsOutput"];
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /** @description Something that is needed is away, or the service holds too many request bodies. The same request may succeed later. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        data: "";
                        /** @enum {string} */
                        error: "ServiceUnavailable";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
        };
    };
    encodePayloads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "payloads": [
                 *         {
                 *           "metadata": {
                 *             "encoding": "anNvbi9wbGFpbg=="
                 *           },
                 *           "data": "InRlc3QiCg=="
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Payloads"];
            };
        };
        responses: {
            /** @description The payloads, without an envelope, as Temporal has it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payloads": [
                     *         {
                     *           "metadata": {
                     *             "encoding": "anNvbi9wbGFpbg=="
                     *           },
                     *           "data": "InRlc3QiCg=="
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PayloadsOutput"];
                };
            };
            /** @description The request cannot be served as it is. `data` names all faults at once, of many the first 100. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Faults"] | "";
                        /** @enum {string} */
                        error: "InvalidParameters" | "RequestError";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /** @description Something that is needed is away, or the service holds too many request bodies. The same request may succeed later. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        data: "";
                        /** @enum {string} */
                        error: "ServiceUnavailable";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        data: "ok";
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They do. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            [key: string]: "ok";
                        };
                        /** @constant */
                        error: "";
                        msg: string;
                        /** @constant */
                        result: true;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
            /** @description Something that is needed is away. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            [key: string]: "ok" | "away";
                        };
                        /** @enum {string} */
                        error: "ServiceUnavailable";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["OtherHost"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description The client has it already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["OtherHost"];
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
        };
    };
    getDocsAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset: "page.css" | "page.js" | "swagger-ui.css" | "swagger-ui-bundle.js" | "favicon-32x32.png";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/css": string;
                    "text/javascript": string;
                    "image/png": string;
                };
            };
            /** @description The client has it already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["OtherHost"];
            /** @description There is no such file. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        data: "";
                        /** @enum {string} */
                        error: "DoesNotExist";
                        msg: string;
                        /** @constant */
                        result: false;
                    };
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["InternalError"];
        };
    };
}
