import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** The context of one activity. Failures of the activity are not logged. */
export function anActivity(
  info: Partial<Info> = {},
  ...interceptors: ActivityInterceptorsFactory[]
): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR'), interceptors });
}
