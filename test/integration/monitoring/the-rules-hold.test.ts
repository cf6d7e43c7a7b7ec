import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../../deploy/local/command.ts';
import { findPromtool } from '../../support/promtool.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'deploy', 'monitoring');

test('Prometheus can read the rules', async () => {
  await run(await findPromtool(), ['check', 'rules', '--lint-fatal', join(FOLDER, 'alerts.yaml')]);
});

test('each rule fires when it should, and not before', async () => {
  await run(await findPromtool(), ['test', 'rules', join(FOLDER, 'alerts.test.yaml')]);
});
