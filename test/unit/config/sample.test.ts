import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseEnv } from 'node:util';
import { HelpRequested, loadApiConfig, loadWorkerConfig } from '../../../config.ts';

const TEXT = readFileSync(new URL('../../../.env.sample', import.meta.url), 'utf8');
const SAMPLE = parseEnv(TEXT);

function namesInHelp(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    assert.ok(error instanceof HelpRequested);
    return [...error.message.matchAll(/ ([A-Z_]+): /g)].map((match) => String(match[1]));
  }
}

describe('.env.sample', () => {
  test('shows every name, and no other but more of those of Temporal', () => {
    const known = new Set([
      ...namesInHelp(() => loadApiConfig(['--help'], {})),
      ...namesInHelp(() => loadWorkerConfig(['--help'], {})),
    ]);
    const shown = Object.keys(SAMPLE).filter((name) => known.has(name) || !name.startsWith('TEMPORAL_'));
    assert.ok(known.size > 20);
    assert.deepEqual(shown.sort(), [...known].sort());
  });

  test('works as it is, and says what the defaults say', () => {
    const { GC_BUCKET_NAME } = SAMPLE;
    assert.deepEqual(loadApiConfig([], SAMPLE), loadApiConfig([], { GC_BUCKET_NAME }));
    assert.deepEqual(loadWorkerConfig([], SAMPLE), loadWorkerConfig([], { GC_BUCKET_NAME }));
  });

  test('explains each name in a comment above it', () => {
    const lines = TEXT.split('\n');
    const bare = lines.filter((line, at) => /^[A-Z]/.test(line) && !lines[at - 1]?.startsWith('# '));
    assert.deepEqual(bare, []);
  });
});
