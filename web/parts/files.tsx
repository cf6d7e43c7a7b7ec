import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Job, ZipFiles } from '../../client/types.ts';
import { isMissing } from '../../client/errors.ts';
import { size } from '../state/format.ts';
import { useSession } from '../state/session.ts';

/** What is in one of a job's zips, and the zip itself. */
export function Files({ job, side }: { job: Job; side: 'input' | 'output' }): JSX.Element | null {
  const { client } = useSession();
  const [zip, setZip] = useState<ZipFiles>();
  const [problem, setProblem] = useState<string>();
  const failed = (error: unknown) => !isMissing(error) && setProblem((error as Error).message);
  useEffect(() => {
    client.files(job.id, side).then(setZip, failed);
  }, [client, job.id, side, job.output?.crc32c]);
  // The address that came with the files may be too old by now.
  const download = () => void client.files(job.id, side).then(({ url }) => location.assign(url), failed);
  if (zip === undefined) return problem === undefined ? null : <small role="alert">{problem}</small>;
  const title = side === 'output' ? 'Output' : 'Input';
  return (
    <article aria-label={title}>
      <h2>{title}</h2>
      {side === 'output' && job.output?.complete === false && <p>The output is incomplete.</p>}
      {side === 'output' && job.output?.skipped !== undefined && (
        <p>Left out: {job.output.skipped} (links that lead out of /output, sockets, FIFOs and devices)</p>
      )}
      <table>
        <tbody>
          {zip.files.map(({ name, bytes }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{name.endsWith('/') ? '' : size(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {zip.total > zip.files.length && <p>… and {zip.total - zip.files.length} more</p>}
      <button type="button" class="secondary" onClick={download}>
        Download
      </button>
      {problem && <small role="alert">{problem}</small>}
    </article>
  );
}
