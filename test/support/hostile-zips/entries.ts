/** Entries that lead elsewhere, are no files, or share a name. */
import { rawZip, unicodePath } from '../raw-zips.ts';
import { FOLDER, GOOD, LINK, listed } from './hostile-zip.ts';
import type { HostileZip } from './hostile-zip.ts';

const NAMES: Readonly<Record<string, HostileZip>> = {
  'an entry that climbs out': listed(rawZip([GOOD, { name: '../evil' }]), /"\.\.\/evil" leads out of the folder/),
  'an entry that climbs out later': listed(rawZip([{ name: 'a/../../evil' }]), /"a\/\.\.\/\.\.\/evil" leads out/),
  'an entry that climbs out by its Unicode path': listed(
    rawZip([{ ...GOOD, extra: unicodePath('../evil', 'good') }]),
    /"\.\.\/evil" leads out of the folder/,
  ),
  'an absolute entry': listed(rawZip([{ name: '/tmp/evil' }]), /"\/tmp\/evil" has an absolute name/),
  'an absolute entry of two slashes': listed(rawZip([{ name: '//host/evil' }]), /has an absolute name/),
  'a drive letter': listed(rawZip([{ name: 'C:/evil' }]), /"C:\/evil" has an absolute name/),
  'a backslash': listed(rawZip([{ name: '..\\evil' }]), /has a backslash/),
  'a backslash in code page 437': listed(
    rawZip([{ name: Buffer.from('..\\\x81', 'latin1'), saysUtf8: false }]),
    /backsl/,
  ),
  'a NUL': listed(rawZip([{ name: 'a\0.txt' }]), /has a NUL/),
  'an entry without a name': listed(rawZip([{ name: '' }]), /has no name/),
  'a file that is the folder itself': listed(rawZip([{ name: '.' }]), /"\." is a file with the name of a folder/),
  'a file that is another folder': listed(rawZip([{ name: 'a/.' }]), /"a\/\." is a file with the name of a folder/),
  'a name that no file can have': listed(rawZip([{ name: 'x'.repeat(256) }]), /has too long a name/),
};

const TYPES: Readonly<Record<string, HostileZip>> = {
  'a link': listed(rawZip([GOOD, LINK]), /"link" is a link/),
  'an entry that writes through a link': listed(rawZip([LINK, { name: 'link/evil' }]), /"link" is a link/),
  'a link that looks like a folder': listed(rawZip([{ ...LINK, name: 'link/' }]), /"link\/" is a link/),
  'a link in the place of a folder that was there': listed(rawZip([{ name: 'link/a' }, LINK]), /"link" is a link/),
  'a character device': listed(rawZip([{ name: 'dev', mode: 0o20666 }]), /"dev" is neither a file nor a folder/),
  'a block device': listed(rawZip([{ name: 'dev', mode: 0o60666 }]), /"dev" is neither/),
  'a FIFO that looks like a folder': listed(rawZip([{ name: 'fifo/', mode: 0o10666 }]), /"fifo\/" is neither/),
  'an unknown kind of file': listed(rawZip([{ name: 'odd', mode: 0o30666 }]), /"odd" is neither/),
  'a folder that is a file': listed(rawZip([{ name: 'a/', mode: 0o100644 }]), /"a\/" is neither/),
  'a file that is a folder': listed(rawZip([{ name: 'a', mode: FOLDER }]), /"a" is neither/),
  'a folder with a content': listed(rawZip([{ name: 'a/', content: 'x', mode: FOLDER }]), /"a\/" is a folder, and has/),
};

const TWICE: Readonly<Record<string, HostileZip>> = {
  'the same name twice': listed(rawZip([GOOD, GOOD]), /"good" occurs twice/),
  'the same name with a dot': listed(rawZip([GOOD, { name: './good' }]), /"\.\/good" occurs twice/),
  'the same name with two slashes': listed(rawZip([{ name: 'a/b' }, { name: 'a//b' }]), /"a\/\/b" occurs twice/),
  'the same folder twice': listed(
    rawZip([
      { name: 'd/', mode: FOLDER },
      { name: 'd/', mode: FOLDER },
    ]),
    /"d\/" occurs twice/,
  ),
  'a file and a folder of one name': listed(rawZip([GOOD, { name: 'good/', mode: FOLDER }]), /"good\/" occurs twice/),
  'a folder and a file of one name': listed(rawZip([{ name: 'good/', mode: FOLDER }, GOOD]), /"good" occurs twice/),
  'an entry below a file': listed(rawZip([GOOD, { name: 'good/evil' }]), /"good\/evil" occurs twice/),
  'one name by two code pages': listed(
    rawZip([{ name: 'ü' }, { name: Buffer.from([0x81]), saysUtf8: false }]),
    /"ü" occurs twice/,
  ),
  'one name by a Unicode path': listed(
    rawZip([GOOD, { name: 'other', extra: unicodePath('good', 'other') }]),
    /"good" occurs twice/,
  ),
};

const CODE_PAGES: Readonly<Record<string, HostileZip>> = {
  'a name that is not the UTF-8 it says': listed(
    rawZip([{ name: Buffer.from([0x61, 0xff]) }]),
    /UTF-8, which it is not/,
  ),
  'two names that would become one': listed(
    rawZip([{ name: Buffer.from([0xfe]) }, { name: Buffer.from([0xff]) }]),
    /UTF-8, which it is not/,
  ),
  'a Unicode path that is no UTF-8': listed(
    rawZip([{ ...GOOD, extra: unicodePath(Buffer.from([0xff]), 'good') }]),
    /UTF-8, which it is not/,
  ),
};

/** Each by what it is. */
export const HOSTILE_ENTRIES: Readonly<Record<string, HostileZip>> = { ...NAMES, ...TYPES, ...TWICE, ...CODE_PAGES };
