import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { createClient } from '../../client/client.ts';
import { baseUrl } from '../state/session.ts';
import type { Session } from '../state/session.ts';

/** Asks who is there. A key that does not work is not kept. */
export function SignInPage({ session, onKey }: { session: Session; onKey: (key: string) => void }): JSX.Element {
  const { config, oidc, refusal } = session;
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const key = field.current?.value.trim() ?? '';
    createClient({ url: baseUrl(), credential: key })
      .page({ limit: 1 }, { maxTries: 1 })
      .then(
        () => onKey(key),
        (error: Error) => setProblem(error.message),
      );
  };
  return (
    <article class="sign-in">
      <h1>Sign in</h1>
      {oidc && (
        <button type="button" onClick={() => void oidc.begin()}>
          Sign in with your account
        </button>
      )}
      {refusal && (
        <p role="alert">
          <small>The provider did not sign you in: {refusal}</small>
        </p>
      )}
      {config.auth.includes('keys') && (
        <form onSubmit={submit}>
          <label>
            API key
            <input
              ref={field}
              name="key"
              type="password"
              autocomplete="off"
              required
              aria-invalid={problem ? 'true' : undefined}
              aria-describedby="key-problem"
            />
          </label>
          <small id="key-problem" role="alert">
            {problem}
          </small>
          <button type="submit">Sign in</button>
        </form>
      )}
    </article>
  );
}
