import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readComposeFile, services, textOf } from '../../support/compose.ts';

/** A tag that says which release: some digits with a dot between them. */
const RELEASE = /^[\w./-]+:v?\d+\.\d+[\w.-]*$/;

for (const [name, { image }] of services()) {
  test(`${name} runs one release of its image`, () => {
    assert.match(image, RELEASE);
  });
}

test('latest, a tag that is left out and a whole line of releases are not pinned', () => {
  for (const image of ['mongo', 'mongo:latest', 'mongo:8']) assert.doesNotMatch(image, RELEASE);
});

test('our own images are of the version that package.json says', () => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  const ours = services()
    .map(([, { image }]) => image)
    .filter((image) => image.startsWith('kubernetes-task-runner/'));
  assert.ok(ours.length > 0);
  for (const image of ours) assert.equal(image.split(':')[1], version);
});

test('the cluster gets the transfer image under the name by which the worker asks for it', () => {
  const { services } = readComposeFile();
  const asked = services['worker']?.environment?.['TRANSFER_IMAGE'];
  assert.equal(services['transfer-image']?.build?.args?.['TRANSFER_IMAGE'], asked);
  assert.match(String(asked), RELEASE);
});
