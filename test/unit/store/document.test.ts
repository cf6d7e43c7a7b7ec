import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BSON } from 'mongodb';
import fc from 'fast-check';
import { fromDocument, toDocument } from '../../../store/document.ts';
import { aJob } from '../../support/job-builder.ts';

describe('a job as a document', () => {
  test('comes back as it was, whatever its keys are called', () => {
    const values = fc.dictionary(
      fc.string(),
      fc.oneof(fc.string(), fc.constant(null), fc.dictionary(fc.string(), fc.boolean(), { noNullPrototype: true })),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(values, (clusterResponse) => {
        const job = aJob({ clusterResponse: { ...clusterResponse, list: [clusterResponse] } });
        const stored = BSON.deserialize(BSON.serialize(toDocument(job, 1)));
        assert.deepEqual(fromDocument(stored as ReturnType<typeof toDocument>), job);
      }),
      { seed: 20_260_101 },
    );
  });

  test('has no key that a MongoDB server may refuse', () => {
    const environment_variables = { 'a.b': '1', $c: '2', '%2E': '3' };
    const document = toDocument(aJob({ parameters: { docker_image: 'i', environment_variables } }), 1);
    const keys = Object.keys(document.job.parameters.environment_variables ?? {});
    assert.deepEqual(keys, ['a%2Eb', '%24c', '%252E']);
  });

  test('holds the labels as pairs beside the job, and gives them back as they were', () => {
    const job = aJob({ parameters: { docker_image: 'i', labels: { 'a.b/c': 'd.e', f: '' } } });
    const document = toDocument(job, 1);
    assert.deepEqual(document.labelPairs, ['a.b/c=d.e', 'f=']);
    assert.deepEqual(fromDocument(document), job);
  });

  test('begins with the revision, by which a server tells the later of two states', () => {
    assert.deepEqual(Object.keys(toDocument(aJob(), 1).job).slice(0, 2), ['revision', 'recordedMs']);
  });

  test('leaves out what is undefined, and keeps what is null', () => {
    const document = toDocument(aJob({ clusterResponse: { metadata: null, uid: undefined } }), 1);
    assert.deepEqual(document.job.clusterResponse, { metadata: null });
  });
});
