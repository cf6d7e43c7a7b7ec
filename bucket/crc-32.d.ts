declare module 'crc-32/crc32c.js' {
  const crc32c: {
    /** CRC32C of `bytes` as a signed 32-bit number, going on from `seed`. */
    buf(bytes: Uint8Array, seed?: number): number;
  };
  export default crc32c;
}
