/**
 * The program that bundles the workflows for a worker, which starts it: `node worker/bundling.ts <log level> <workflows> <failure converter>`.
 * Its log goes to standard output, as the worker's own, and the code to descriptor 3.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pino } from 'pino';
import { bundleWorkflows } from './bundle.ts';
import { temporalLogger } from './logger.ts';

const [level = 'info', workflowsPath, failureConverterPath] = process.argv.slice(2);
const { code } = await bundleWorkflows(temporalLogger(pino({ level })), workflowsPath, failureConverterPath);
await pipeline(Readable.from([Buffer.from(code)]), createWriteStream('', { fd: 3 }));
// Webpack's threads and timers have nothing more to do.
process.exit(0);
