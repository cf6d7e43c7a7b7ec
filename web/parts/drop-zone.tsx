import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { filesOf, zipOf } from '../state/files.ts';
import type { PickedFile } from '../state/files.ts';
import { filesText, size } from '../state/format.ts';

/** An input: files that are to be sent, or that of another job. */
export type Picked = { readonly description: string } & (PickedFiles | { readonly from: string });

interface PickedFiles {
  readonly sizeBytes: number;
  /** One zip of them all; a zip that was picked is sent as it is. */
  zip(): Promise<Blob>;
}

/** Takes a zip, files or folders: dropped, or picked by a dialog. */
export function DropZone({
  picked,
  onPick,
}: {
  picked: Picked | undefined;
  onPick: (picked: Picked | undefined) => void;
}): JSX.Element {
  const [isOver, setIsOver] = useState(false);
  const take = (files: readonly PickedFile[]) => onPick(files.length === 0 ? undefined : pickedOf(files));
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    if (event.dataTransfer) void filesOf(event.dataTransfer).then(take);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(true);
  };
  const pick = (event: Event) =>
    take(
      Array.from((event.currentTarget as HTMLInputElement).files ?? [], (file) => ({
        file,
        path: file.webkitRelativePath || file.name,
      })),
    );
  return (
    <fieldset
      class={`drop-zone ${isOver ? 'over' : ''}`}
      onDrop={drop}
      onDragOver={over}
      onDragLeave={() => setIsOver(false)}
    >
      <legend>Input</legend>
      <p>{picked ? picked.description : 'Drop a folder, files or a zip here. The task finds them in /input.'}</p>
      <div class="grid">
        <label>
          Files or a zip <input type="file" multiple onChange={pick} />
        </label>
        <label>
          A folder <input type="file" multiple {...{ webkitdirectory: true }} onChange={pick} />
        </label>
      </div>
      {picked && (
        <button type="button" class="secondary outline" onClick={() => onPick(undefined)}>
          No input
        </button>
      )}
    </fieldset>
  );
}

function pickedOf(files: readonly PickedFile[]): Picked {
  const [first] = files;
  const sizeBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  if (files.length === 1 && first !== undefined && first.file.name.toLowerCase().endsWith('.zip')) {
    return { description: `${first.file.name}, ${size(sizeBytes)}`, sizeBytes, zip: () => Promise.resolve(first.file) };
  }
  return { description: `${filesText(files.length)}, ${size(sizeBytes)}`, sizeBytes, zip: () => zipOf(files) };
}
