/**
 * What Node is told when it runs the program. One thread: a compiler beside the main thread may want memory collected while the main
 * thread ends and waits for the compiler, and then neither ends (nodejs/node#54918). Not `--single-threaded`, which means the same: V8 takes it
 * for another way to compile, and Node then compiles its own modules at each start, for 25 ms. A small young generation: the buffers of what comes
 * from the network, 64 KiB for an object of some bytes, are not among what V8 counts before it collects them.
 */
export const TRANSFER_NODE_FLAGS = [
  '--max-old-space-size-percentage=50',
  '--max-semi-space-size=1',
  '--single-threaded-gc',
  '--no-concurrent-recompilation',
  '--no-concurrent-sparkplug',
] as const;

/** Who the program is in the image. */
export const COMPILED_FOR_UID = 65532;

/** Where the compiled program lies, below the folder of its file. */
export const COMPILED_FOLDER = 'compiled';

/** What lets Node find it there, whatever the folder is called: without it a start takes a third more of CPU. */
export const COMPILED_ENV = {
  NODE_COMPILE_CACHE: `/app/${COMPILED_FOLDER}`,
  NODE_COMPILE_CACHE_PORTABLE: '1',
} as const;

/** What the target `transfer` of the Dockerfile says about running the image: an archive has to say it again. */
export const TRANSFER_IMAGE_CONFIG = {
  Entrypoint: ['/nodejs/bin/node', ...TRANSFER_NODE_FLAGS, '/app/transfer.js'],
  Env: ['NODE_ENV=production', ...Object.entries(COMPILED_ENV).map(([name, value]) => `${name}=${value}`)],
  User: `${COMPILED_FOR_UID}:${COMPILED_FOR_UID}`,
  WorkingDir: '/tmp',
} as const;
