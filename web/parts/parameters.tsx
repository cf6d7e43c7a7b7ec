import type { JSX } from 'preact';
import type { Job } from '../../client/types.ts';

/** What was asked for, by its names in the API. */
export function Parameters({ job }: { job: Job }): JSX.Element {
  const rows = Object.entries(job.job_parameters);
  return (
    <section aria-labelledby="parameters">
      <h2 id="parameters">What was asked for</h2>
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
