/**
 * A file's name as a zip can carry it to any system. What it cannot carry is written as `%XX`: bytes that are no
 * UTF-8, a backslash, the colon of what looks like a drive letter.
 */
export function zipNameOf(name: Buffer): string {
  const text = name.toString();
  const isText = Buffer.from(text).equals(name);
  const portable = isText ? text : name.toString('latin1').replaceAll(/[^\x20-\x7e]/g, percent);
  return portable.replaceAll('\\', percent).replace(/^[a-z]:/i, (drive) => `${drive.slice(0, 1)}%3A`);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * Names the files of one folder for the zip, so that no two get the same: a changed name that another file has anyway gets a `~2`,
 * `~3` and so on at its end.
 * @param isThere whether the folder has a file of this name, as bytes
 */
export function createZipNames(isThere: (name: Buffer) => boolean): (name: Buffer) => string {
  const changed = new Set<string>();
  return (name) => {
    const zipName = zipNameOf(name);
    if (Buffer.from(zipName).equals(name)) return zipName;
    for (let copy = 1; ; copy += 1) {
      const candidate = copy === 1 ? zipName : `${zipName}~${copy}`;
      if (changed.has(candidate) || isThere(Buffer.from(candidate))) continue;
      changed.add(candidate);
      return candidate;
    }
  };
}
