import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instanceOf } from '../../../workflows/names.ts';

/** What Kubernetes accepts as the value of a label. */
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

test('a UUID stays as it is', () => {
  const id = '32049b68-7872-4094-8e63-d0dd59896a83';
  assert.equal(instanceOf(id), id);
});

test('whatever the id of the namespace is, a label may have it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (id) => LABEL_VALUE.test(instanceOf(id))));
  assert.equal(instanceOf('accounting.a2dd6/eu'), 'accounting.a2dd6-eu');
});
