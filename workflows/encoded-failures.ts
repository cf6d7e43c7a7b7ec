import { DefaultFailureConverter } from '@temporalio/common';

/** Makes message and stack of a failure a payload, which codecs encrypt. Temporal's SDK loads it by this name. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
