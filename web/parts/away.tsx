import type { JSX } from 'preact';

/** Says that the API cannot be reached, and that it is tried again. What is shown below it may be old. */
export function Away({ message }: { message: string }): JSX.Element {
  return (
    <div role="alert" class="note away">
      <strong>The service does not answer.</strong> {message}. What is shown may be old; it is tried again.
    </div>
  );
}

/** Says that the API has refused. */
export function Refused({ error }: { error: Error }): JSX.Element {
  return (
    <div role="alert" class="note refused">
      {error.message}
    </div>
  );
}
