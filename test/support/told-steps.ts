import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { localTryIn } from '../../activities/job-history.ts';
import type { History } from '../../activities/job-history.ts';
import { workflowIdOf } from '../../workflows/names.ts';
import { runTool } from './tools.ts';

/** A step that the history of a job tells of. */
export interface ToldStep {
  readonly name: string;
  /** True of a try within a workflow task that ended well; false of an activity of its own. */
  readonly isLocal: boolean;
}

/** The history of the job called `name`, as Temporal's own tool shows it. */
export async function showHistory(name: string): Promise<History> {
  const shown = await runTool('temporal', 'workflow', 'show', '--workflow-id', workflowIdOf(name), '--output', 'json');
  return historyFromJSON(JSON.parse(shown));
}

/** The steps that were done, or begun as activities, in the order in which the history tells of them. */
export function stepsIn({ events }: History): ToldStep[] {
  return (events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes, markerRecordedEventAttributes: marker }): ToldStep[] => {
      const scheduled = activityTaskScheduledEventAttributes?.activityType?.name;
      if (scheduled) return [{ name: scheduled, isLocal: false }];
      const local = localTryIn(marker)?.activity_type;
      return local === undefined ? [] : [{ name: local, isLocal: true }];
    },
  );
}
