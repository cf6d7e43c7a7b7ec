import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { testProfile } from '../../deploy/local/profile.ts';
import { makeLimitedClass } from '../support/limited-storage.ts';
import { createBreakingStack } from './breaking.ts';
import { violationsAfter } from './invariants.ts';
import { planOf } from './plan.ts';
import { reportOf } from './report.ts';
import { runPlan } from './run-plan.ts';
import { say } from './say.ts';

const profile = testProfile(join(import.meta.dirname, '..', '..'));
const durationMs = Number(process.env['SOAK_MINUTES'] ?? 3) * 60_000;
const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));

test('every job ends once and with the truth, and leaves nothing, whatever breaks', async (context) => {
  say(`seed ${seed}: the same faults and jobs come with FAULT_SEED=${seed}`);
  await makeLimitedClass();
  const stack = await createBreakingStack(profile);
  context.after(() => stack.close());
  const result = await runPlan(stack, planOf(seed, durationMs), durationMs);
  const violations = [...result.lost, ...(await violationsAfter(result.ended))];
  for (const line of reportOf(result, violations)) say(line);
  assert.deepEqual(violations, []);
});
