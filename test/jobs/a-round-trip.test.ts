import { test } from 'node:test';
import { ROUND_TRIPS } from '../support/round-trips.ts';

for (const [sentence, roundTrip] of Object.entries(ROUND_TRIPS)) test(sentence, roundTrip);
