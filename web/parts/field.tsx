import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

/** A field of a form, with what is wrong with it. */
export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly fault?: string | undefined;
  readonly help?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly inputMode?: 'numeric';
  /** Several lines. */
  readonly rows?: number;
}

export function Field({ label, onInput, fault, help, rows, ...input }: FieldProps): JSX.Element {
  const id = useId();
  const described = fault ?? help;
  const shared = {
    ...input,
    id,
    ...(fault !== undefined && { 'aria-invalid': 'true' as const }),
    ...(described !== undefined && { 'aria-describedby': `${id}-help` }),
    spellcheck: false,
    autocomplete: 'off',
  };
  return (
    <div>
      <label for={id}>{label}</label>
      {rows === undefined ? (
        <input {...shared} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <textarea {...shared} rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
      {described && <small id={`${id}-help`}>{described}</small>}
    </div>
  );
}
