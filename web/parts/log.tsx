import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { JOB_PHASES } from '../../workflows/contract.ts';
import type { Job } from '../../client/types.ts';
import { isMissing } from '../../client/errors.ts';
import { useSession } from '../state/session.ts';
import { useFollowing } from './following.ts';

/** Lines that are shown. */
const MAX_LINES = 5_000;
/** The end of a log that is kept; `ktr logs` has all of it. */
const MAX_CHARACTERS = 2_000_000;
/** A log is there a moment after its container. */
const LOOK_AGAIN_MS = 1_000;

const CONTAINERS = ['task', 'input', 'cleanup'] as const;
type Container = (typeof CONTAINERS)[number];

/** The phase in which each of them starts; nobody asks for its log before. */
const BEGINS_IN: Readonly<Record<Container, Job['phase']>> = {
  task: 'running',
  input: 'starting',
  cleanup: 'uploading',
};

/** The log of a container as it comes, with a search. */
export function Log({ job }: { job: Job }): JSX.Element {
  const [container, setContainer] = useState<Container>('task');
  const [wanted, setWanted] = useState('');
  const [isFollowing, setIsFollowing] = useState(true);
  const { text, problem } = useLog(job, container);
  const lines = useMemo(() => linesOf(text, wanted), [text, wanted]);
  const following = useFollowing(lines, isFollowing, setIsFollowing);
  return (
    <section aria-labelledby="log">
      <h2 id="log">Log</h2>
      <form role="search" class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Container
          <select value={container} onChange={(event) => setContainer(event.currentTarget.value as Container)}>
            {CONTAINERS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          Lines with
          <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
        </label>
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={isFollowing}
            onChange={(event) => setIsFollowing(event.currentTarget.checked)}
          />
          Follow
        </label>
      </form>
      <pre {...following} class="log" tabIndex={0} role="log" aria-label={`Log of ${container}`}>
        {wanted === ''
          ? lines.shown.join('\n')
          : lines.shown.map((line, index) => <Line key={index} line={line} wanted={wanted} />)}
        {problem}
      </pre>
      <small>{lines.note}</small>
    </section>
  );
}

function Line({ line, wanted }: { line: string; wanted: string }): JSX.Element {
  const at = line.toLowerCase().indexOf(wanted.toLowerCase());
  return (
    <>
      {line.slice(0, at)}
      <mark>{line.slice(at, at + wanted.length)}</mark>
      {line.slice(at + wanted.length)}
      {'\n'}
    </>
  );
}

function linesOf(text: string, wanted: string): { shown: readonly string[]; note: string } {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const found = wanted === '' ? lines : lines.filter((line) => line.toLowerCase().includes(wanted.toLowerCase()));
  const shown = found.slice(-MAX_LINES);
  const left = found.length - shown.length;
  const all = lines.length === 1 ? '1 line' : `${lines.length} lines`;
  const note = wanted === '' ? all : `${found.length} of ${all}`;
  return { shown, note: left > 0 ? `${note}, of which the last ${MAX_LINES} are shown` : note };
}

/** What a log says so far. */
function useLog({ id, phase, attempts }: Job, container: Container): { text: string; problem: string } {
  const { client } = useSession();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const attempt = (attempts?.length ?? 0) + 1;
  const isOver = phase === 'ended';
  const hasBegun = JOB_PHASES.indexOf(phase) >= JOB_PHASES.indexOf(BEGINS_IN[container]);
  useEffect(() => {
    setText('');
    setProblem(hasBegun ? '' : 'It has not begun yet.');
    if (!hasBegun) return undefined;
    const leaving = new AbortController();
    const { signal } = leaving;
    const read = async (): Promise<void> => {
      const decoder = new TextDecoder();
      let all = '';
      for await (const bytes of client.followLog(id, { container, attempt, signal })) {
        all = (all + decoder.decode(bytes, { stream: true })).slice(-MAX_CHARACTERS);
        setText(all);
        setProblem('');
      }
    };
    const readWhenThere = async (): Promise<void> => {
      for (;;) {
        const error: unknown = await read().then(
          () => undefined,
          (failed: unknown) => failed,
        );
        if (signal.aborted || error === undefined) return;
        if (!isMissing(error)) return setProblem((error as Error).message);
        setProblem('There is no log.');
        if (isOver) return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    };
    void readWhenThere();
    return () => leaving.abort(new Error('not shown any more'));
  }, [client, id, container, attempt, hasBegun, isOver]);
  return { text, problem };
}
