import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Job } from '../../client/types.ts';
import { useSession } from '../state/session.ts';

/** Kills a job, once it has been asked for twice. */
export function Kill({ job }: { job: Job }): JSX.Element {
  const { client } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string>();
  const kill = () => {
    dialog.current?.close();
    client.kill(job.id).then(
      () => setProblem(undefined),
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <>
      <button type="button" class="danger" disabled={job.kill_requested} onClick={() => dialog.current?.showModal()}>
        {job.kill_requested ? 'Being killed …' : 'Kill'}
      </button>
      {problem && <small role="alert">{problem}</small>}
      <dialog ref={dialog} aria-labelledby="kill-title">
        <article>
          <h2 id="kill-title">Kill {job.name}?</h2>
          <p>Its task is stopped, and what it has written is not kept.</p>
          <footer>
            <button type="button" class="secondary" autofocus onClick={() => dialog.current?.close()}>
              Let it run
            </button>
            <button type="button" class="danger" onClick={kill}>
              Kill it
            </button>
          </footer>
        </article>
      </dialog>
    </>
  );
}
