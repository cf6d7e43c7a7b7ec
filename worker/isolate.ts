/** The longest limit that Node takes for a call into a context, 49 days. */
export const NO_LIMIT_MS = 4_294_967_295;

/**
 * Lets a workflow task take as long as it does. The SDK breaks one off that takes five seconds, as one does whose process was frozen. All
 * workflows share a context there, so that what the one had still to do is done in the name of the next, whose history then holds steps of
 * another job and never replays. Our workflows have no loop without an end, against which the limit is meant.
 *
 * The SDK has no public name for it (`reuseV8Context: false` would do, at the price of a context for each job); this is the largest value that
 * Node takes.
 */
export const UNBROKEN = { isolateExecutionTimeout: NO_LIMIT_MS } as const;
