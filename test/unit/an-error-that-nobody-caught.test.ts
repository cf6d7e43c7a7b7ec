import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Runs a process that ends over `fault`. */
function run(fault: string) {
  const script = `
    import { pino } from 'pino';
    import { endOnUncaught } from './promises.ts';
    endOnUncaught(pino({ level: 'warn' }));
    setInterval(() => undefined, 1_000);
    setTimeout(() => { ${fault} }, 0);`;
  const args = ['--no-warnings', '--input-type=module', '--eval', script];
  return spawnSync(process.execPath, args, { cwd: REPOSITORY, encoding: 'utf8', timeout: 20_000 });
}

for (const [what, fault, origin] of [
  ['an error', "throw new Error('broken')", 'uncaughtException'],
  ['a rejection', "void Promise.reject(new Error('broken'))", 'unhandledRejection'],
] as const) {
  test(`${what} that nobody caught ends the process by 1, with one line in the log`, () => {
    const { status, stdout } = run(fault);
    assert.equal(status, 1);
    const line = JSON.parse(stdout) as { level: number; origin: string; err: { message: string; stack: string } };
    assert.deepEqual([line.level, line.origin, line.err.message], [60, origin, 'broken']);
    assert.match(line.err.stack, /Error: broken\n\s+at /);
  });
}
