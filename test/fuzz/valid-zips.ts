/** Zips to begin with: what others write, what we write, and all that is refused for one thing alone. */
import { HOSTILE_ZIPS } from '../support/hostile-zips.ts';
import { rawZip, unicodePath, zip64End, zip64Entry } from '../support/raw-zips.ts';
import { zipOf } from '../support/zip-entries.ts';

const LONG = 'z'.repeat(2000);
const LARGE = Buffer.alloc(300_000, 'large ');

const RAW: readonly Buffer[] = [
  rawZip([]),
  rawZip([{ name: 'a', content: 'x' }]),
  rawZip([
    { name: 'd/', mode: 0o40755 },
    { name: 'd/e', content: LONG, isDeflated: true },
    { name: 'f', content: 'x', mode: 0o100600 },
  ]),
  rawZip([{ name: Buffer.from([0x81]), saysUtf8: false, extra: unicodePath('ü', Buffer.from([0x81])) }]),
  rawZip([zip64Entry({ name: 'a', content: LONG, isDeflated: true })], zip64End({ entries: 1 })),
  rawZip([{ name: 'a', content: LARGE, isDeflated: true }]),
  rawZip(['a', 'b'].map((name) => ({ name, content: LARGE, isDeflated: true }))),
  rawZip([{ name: `${'d/'.repeat(100)}f` }]),
  rawZip(Array.from({ length: 40 }, (_, index) => ({ name: `${index}/f` }))),
  rawZip(
    Array.from({ length: 20 }, (_, index) => ({ name: `${index % 4}/${index}`, content: LONG, isDeflated: true })),
  ),
];

/** Each is small, so that a change meets something that matters. */
export async function zipsToBeginWith(): Promise<readonly Buffer[]> {
  const written = await zipOf({ 'a/': {}, 'a/b': { content: LONG }, c: { content: 'x', isCompressed: false } });
  return [...RAW, written, ...Object.values(HOSTILE_ZIPS).map(({ zip }) => zip)];
}
