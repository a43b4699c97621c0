import { expect, test } from 'vitest';
import type { SolveForm } from '../api/types.gen';
import { changed } from './form';

const usual: SolveForm = {
  from: 0, years: '', budget: '10%', demolition: '6%', relocation: 'none', min_mu: 100, max_mu: 400, compactness: 0, max_kept: 0, mixes: 4, modes: ['clear', 'vertical'], decant: 'auto', seconds: 60, gap: 0.01, seed: 1, name: '',
};

test('rules are counted that differ from the usual ones, not what stands above the fold', () => {
  expect(changed({ ...usual, years: '2030-2031', budget: '1', seconds: 9, name: 'x' }, usual)).toEqual([]);
  expect(changed({ ...usual, modes: ['vertical', 'clear'] }, usual), 'the order of ways is none').toEqual([]);
  expect(changed({ ...usual, min_mu: 60, seed: 7, modes: ['clear'] }, usual)).toEqual(['min_mu', 'seed', 'modes']);
});
