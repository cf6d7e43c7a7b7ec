#!/bin/sh
# Starts one of the two processes, `api` or `worker`, with what it needs of Node.js and of malloc: see decisions 20 and 44 of ARCHITECTURE.md.
set -eu
cd "${0%/*}/.."
part=${1:?say api or worker}
shift
export MALLOC_ARENA_MAX=1 NODE_COMPILE_CACHE=dist/compiled
case $part in
  api)
    export MALLOC_MMAP_THRESHOLD_=131072
    exec node --max-semi-space-size=1 --no-parallel-scavenge --heap-growing-percent=50 --conditions=bundled api/main.ts "$@"
    ;;
  worker)
    export MALLOC_MMAP_THRESHOLD_=16384
    exec node --max-semi-space-size=4 --heap-growing-percent=50 --conditions=bundled --import ./worker/lighten.ts worker/main.ts "$@"
    ;;
esac
echo "say api or worker, not $part" >&2
exit 64
