/** Sizes, places and counts that are not true. */
import { deflateRawSync } from 'node:zlib';
import { rawZip, zip64, zip64End, zip64Entry } from '../raw-zips.ts';
import type { RawEntry } from '../raw-zips.ts';
import { GOOD, hidden, LARGE, listed, LONG } from './hostile-zip.ts';
import type { HostileZip } from './hostile-zip.ts';

const SIZES: Readonly<Record<string, HostileZip>> = {
  'a content larger than it says': hidden(rawZip([{ ...LONG, claimedSizeBytes: 10 }]), /"long"/),
  'a content smaller than it says': hidden(rawZip([{ ...LONG, claimedSizeBytes: 20_000 }]), /"long" .* 10000 bytes/),
  'a large content larger than it says': hidden(
    rawZip([{ ...LARGE, claimedSizeBytes: 200_000 }]),
    /"large" .*has more than \d+ bytes/,
  ),
  'a large content smaller than it says': hidden(
    rawZip([{ ...LARGE, claimedSizeBytes: 400_000 }]),
    /"large" .*bytes instead of/,
  ),
  'a stored content of another size': listed(
    rawZip([{ ...GOOD, claimedSizeBytes: 2 }]),
    /"good" has 2 bytes, but 1 of/,
  ),
  'a packed content cut short': hidden(rawZip([{ ...LONG, claimedPackedBytes: 10 }]), /"long"/),
  'an entry outside of the file': listed(rawZip([{ ...GOOD, claimedOffset: 1e6 }]), /"good" lies outside/),
  'an entry longer than the file': listed(
    rawZip([{ ...GOOD, claimedPackedBytes: 1e6, claimedSizeBytes: 1e6 }]),
    /"good" lies outside/,
  ),
  'a wrong checksum': hidden(rawZip([{ ...LONG, claimedCrc32: 1 }]), /"long" .*CRC-32/),
  'a wrong checksum of an empty file': hidden(rawZip([{ name: 'empty', claimedCrc32: 1 }]), /"empty" .*CRC-32/),
  'bytes that are not deflated': hidden(broken(), /"long"/),
};

const OVERLAPS: Readonly<Record<string, HostileZip>> = {
  'two names for the same bytes': listed(
    rawZip([LONG, { ...LONG, name: 'else', claimedOffset: 0, isListedOnly: true }]),
    /overlap at byte 0/,
  ),
  'an entry within another one': listed(nested(), /overlap at byte 42/),
  'entries that hide in an extra field of the first': hidden(quoted(), /"a" .*overlaps/),
  'an entry that is in the directory, too': listed(
    rawZip([{ ...GOOD, claimedPackedBytes: 20, claimedSizeBytes: 20 }]),
    /overlap at byte 35/,
  ),
};

const ZIP64: Readonly<Record<string, HostileZip>> = {
  'a ZIP64 end that lies beyond all numbers': listed(
    rawZip([GOOD], zip64End({ entries: 1, record: 0xffff_ffff_ffff_ffffn })),
    /archive|whole/,
  ),
  'a ZIP64 end that lies nowhere': listed(rawZip([GOOD], zip64End({ entries: 1, record: 3 })), /zip64 end of central/),
  'a ZIP64 directory beyond all numbers': listed(
    rawZip([GOOD], zip64End({ entries: 1, directory: 0xffff_ffff_ffff_fff0n })),
    /ends too early/,
  ),
  'a ZIP64 count that is too large': listed(rawZip([GOOD], zip64End({ entries: 0xffff_ffff_ffffn })), /signature/),
  'a ZIP64 count that is too small': listed(rawZip([GOOD, LONG], zip64End({ entries: 1 })), /more entries than/),
  'a ZIP64 archive of several disks': listed(rawZip([GOOD], zip64End({ entries: 1, disk: 2 })), /multi-disk/),
  'a ZIP64 size larger than the file': listed(
    rawZip([zip64Entry(LONG, { packedBytes: 2 ** 40 })]),
    /"long" lies outside/,
  ),
  'a ZIP64 size that is not true': hidden(
    rawZip([zip64Entry(LONG, { sizeBytes: 2 ** 40 })]),
    /"long" .*bytes instead of/,
  ),
  'a ZIP64 place beyond all numbers': listed(
    rawZip([zip64Entry(LONG, { offset: 0xffff_ffff_ffff_0000n })]),
    /"long" lies outside/,
  ),
  'a ZIP64 field without its numbers': listed(
    rawZip([{ ...LONG, claimedSizeBytes: 0xffff_ffff, claimedPackedBytes: 0xffff_ffff, extra: zip64(1) }]),
    /does not include compressed size/,
  ),
  'numbers for ZIP64 without its field': listed(
    rawZip([{ ...LONG, claimedPackedBytes: 0xffff_ffff }]),
    /"long" lies outside/,
  ),
};

const ENDS: Readonly<Record<string, HostileZip>> = {
  'a count that is too small': listed(rawZip([GOOD, LONG], { entries: 1 }), /more entries than/),
  'a count of none': listed(rawZip([GOOD], { entries: 0 }), /more entries than/),
  'a count that is too large': listed(rawZip([GOOD, LONG], { entries: 3 }), /ends too early|signature/),
  'a directory beyond the end': listed(rawZip([GOOD], { directoryOffset: 1e9 }), /ends too early/),
  'a zip cut short': listed(rawZip([LONG]).subarray(0, -1), /not found/),
  'a zip that lost its beginning': listed(rawZip([GOOD, LONG]).subarray(20), /signature|outside/),
  'bytes after the end': listed(Buffer.concat([rawZip([GOOD]), Buffer.from('\0\0x')]), /extra bytes at the end/),
  'more zeros after the end than a comment has bytes': listed(
    Buffer.concat([rawZip([GOOD]), Buffer.alloc(0x1_0000)]),
    /extra bytes at the end/,
  ),
  'an entry in the zeros after the end': listed(
    Buffer.concat([rawZip([{ ...GOOD, claimedOffset: 200 }]), Buffer.alloc(500)]),
    /"good" lies outside/,
  ),
  'no zip at all': listed(Buffer.from('hello'), /not found/),
  'nothing at all': listed(Buffer.alloc(0), /not found/),
  'an encrypted entry': listed(rawZip([{ ...GOOD, isDeflated: true, flags: 1 }]), /"good" is encrypted with ZipCrypto/),
  'an entry of WinZip’s encryption': listed(
    rawZip([{ ...GOOD, flags: 1, claimedMethod: 99 }]),
    /"good" is encrypted with AES/,
  ),
  'a strongly encrypted entry': listed(rawZip([{ ...GOOD, flags: 0x41 }]), /encrypt/),
  'another compression': listed(
    rawZip([{ ...GOOD, claimedMethod: 14 }]),
    /"good" is compressed with LZMA \(method 14\), which is not supported; use Deflate/,
  ),
  'a compression without a name': listed(
    rawZip([{ ...GOOD, claimedMethod: 200 }]),
    /"good" is compressed with an unknown method \(method 200\)/,
  ),
};

/** Each by what it is. */
export const HOSTILE_STRUCTURES: Readonly<Record<string, HostileZip>> = { ...SIZES, ...OVERLAPS, ...ZIP64, ...ENDS };

function broken(): Buffer {
  const zip = rawZip([LONG]);
  zip.fill(0xff, 34, 40);
  return zip;
}

/** The first entry's content is a whole local entry, which the directory lists, too: `inner` begins at byte 30 + 5 + 7. */
function nested(): Buffer {
  const inner = rawZip([GOOD]).subarray(0, 35);
  const outer: RawEntry = { name: 'outer', content: Buffer.concat([Buffer.alloc(7), inner]) };
  return rawZip([outer, { ...GOOD, claimedOffset: 42, isListedOnly: true }]);
}

/** The header of the first has the second's header as an extra field, and both end in the same bytes: D. Fifield's second way. */
function quoted(): Buffer {
  const content = 'k'.repeat(5000);
  const kernel = deflateRawSync(content);
  const second: RawEntry = { name: 'b', content, isDeflated: true };
  const header = rawZip([second]).subarray(0, 31);
  const padding = Buffer.alloc(100);
  const field = Buffer.concat([Buffer.from([0xff, 0xff, padding.length + header.length, 0]), padding, header]);
  const first: RawEntry = { ...second, name: 'a', localExtra: field };
  if (kernel.length > padding.length) throw new Error('the kernel must be short, or the directory gives it away');
  return rawZip([first, { ...second, claimedOffset: 31 + 4 + padding.length, isListedOnly: true }]);
}
