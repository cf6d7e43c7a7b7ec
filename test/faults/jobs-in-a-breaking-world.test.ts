import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { testProfile } from '../../deploy/local/profile.ts';
import { violationsAfter } from './invariants.ts';
import { planOf } from './plan.ts';
import { reportOf } from './report.ts';
import { runPlan, say } from './run-plan.ts';

const profile = testProfile(join(import.meta.dirname, '..', '..'));
const durationMs = Number(process.env['SOAK_MINUTES'] ?? 5) * 60_000;
const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));

test('every job ends once and with the truth, and leaves nothing, whatever breaks', async () => {
  say(`seed ${seed}: the same faults and jobs come with FAULT_SEED=${seed}`);
  const result = await runPlan(profile, planOf(seed, durationMs), durationMs);
  const violations = [...result.lost, ...(await violationsAfter(result.ended))];
  for (const line of reportOf(result, violations)) say(line);
  assert.deepEqual(violations, []);
});
