import { test } from 'node:test';
import { ROUND_TRIPS } from '../support/round-trips.ts';
import { variants } from '../support/variants.ts';

variants('claims', 'one-pod', 'signed-urls');

for (const [sentence, roundTrip] of Object.entries(ROUND_TRIPS)) test(sentence, roundTrip);
