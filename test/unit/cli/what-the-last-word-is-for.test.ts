import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Argument, Command, Option } from 'commander';
import { placeIn } from '../../../cli/program/completion.ts';

const program = new Command('ktr');
program
  .command('run')
  .argument('[words...]')
  .option('--input <place>')
  .option('-i, --image <image>')
  .option('--ephemeral');
program.command('kill').argument('<jobs...>').option('--no-wait');
program
  .command('download')
  .addArgument(new Argument('<job>'))
  .argument('[place]')
  .addOption(new Option('--server <url>'));

const CASES: Readonly<Record<string, readonly string[]>> = {
  place: ['run --input ./t', 'run --input ', 'run --input=./t', 'download words ', 'download --server x words ./o'],
  image: ['run -i py', 'run --image '],
  words: ['run --ephemeral ', 'run a b '],
  job: ['download ', 'download --server x '],
  jobs: ['kill ', 'kill a b ', 'kill --no-wait a'],
  '': ['', 'ru', 'run', 'run --in', 'nothing ', 'download a b '],
};

for (const [place, lines] of Object.entries(CASES))
  for (const line of lines)
    test(`of "${line}" the last word is for ${place || 'nothing'}`, () => {
      assert.equal(placeIn(program, line.split(' ')), place);
    });
