/** How the content of an entry is compressed and encrypted, and why it cannot be read. */
import type { Entry } from 'yauzl';

/** Names of the compression methods, as APPNOTE 6.3.10 and the tools that write them call them. */
const METHOD_NAMES: Readonly<Record<number, string>> = {
  1: 'Shrink',
  2: 'Reduce',
  3: 'Reduce',
  4: 'Reduce',
  5: 'Reduce',
  6: 'Implode',
  9: 'Deflate64',
  10: 'PKWARE DCL Implode',
  12: 'bzip2',
  14: 'LZMA',
  18: 'IBM TERSE',
  19: 'IBM LZ77',
  20: 'Zstandard',
  93: 'Zstandard',
  94: 'MP3',
  95: 'XZ',
  96: 'JPEG',
  97: 'WavPack',
  98: 'PPMd',
};

/** In place of the compression of an entry that WinZip's AES encrypts. */
const AES = 99;

/** Why the content of an entry cannot be read, naming the method, or undefined. */
export function methodFault(entry: Entry): string | undefined {
  const { compressionMethod: method } = entry;
  if (entry.isEncrypted())
    return `is encrypted with ${method === AES ? 'AES' : 'ZipCrypto'}; make the zip without a password`;
  if (entry.canDecodeFileData()) return undefined;
  const name = METHOD_NAMES[method] ?? 'an unknown method';
  return `is compressed with ${name} (method ${method}), which is not supported; use Deflate or no compression`;
}
