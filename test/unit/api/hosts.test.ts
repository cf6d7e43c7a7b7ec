import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHostCheck } from '../../../api/hosts.ts';

const answersTo = createHostCheck(['0.0.0.0', 'runner.example.com', 'fd00::1']);

test('names of this machine are answered to, with and without a port', () => {
  for (const name of ['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', '127.0.0.1', '127.1.2.3', '[::1]'])
    for (const host of [name, `${name}:4898`]) assert.ok(answersTo(host), host);
});

test('names that the operator has said are answered to, and no other that looks like them', () => {
  for (const host of ['runner.example.com', 'Runner.Example.com:80', '0.0.0.0:4898', '[fd00::1]:4898', '[FD00:0::1]'])
    assert.ok(answersTo(host), host);
  for (const host of ['evil.runner.example.com', 'runner.example.com.evil.example', 'example.com', '[fd00::2]'])
    assert.ok(!answersTo(host), host);
});

test('a name of another is not answered to, whatever stands for it', () => {
  const others = [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'notlocalhost',
    '10.0.0.1',
    '[::2]',
  ];
  for (const host of [
    ...others,
    'localhost@evil.example',
    'evil.example#localhost',
    'localhost/..',
    '',
    ' ',
    undefined,
  ])
    assert.ok(!answersTo(host), host);
});
