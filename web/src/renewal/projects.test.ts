import { expect, test } from 'vitest';
import type { ProjectRef } from '../api/types.gen';
import { inOrder, suited } from './projects';

const project = (id: string, more: Partial<ProjectRef> = {}): ProjectRef => ({ id, name: id, area_m2: 20_000, deadline: 0, towns: [], modes: [], ...more });
const block = { town_id: 'north', mode: 'clear', area_m2: 30_000, ready: 2029 };
const of = (...all: ProjectRef[]) => suited(all, block).map((s) => [s.project.id, ...s.misses].join(' '));

test('projects that fit a block come first, those that want most land before others', () => {
  const small = project('small', { area_m2: 5_000, towns: ['south', 'north'] });
  const large = project('large', { area_m2: 30_000, modes: ['clear'], deadline: 2029 });
  const elsewhere = project('elsewhere', { towns: ['south'] });
  const huge = project('huge', { area_m2: 30_001, deadline: 2028 });
  expect(of(huge, small, elsewhere, large)).toEqual(['large', 'small', 'elsewhere town', 'huge area year']);
  expect(of(project('raised', { modes: ['vertical'] }))).toEqual(['raised mode']);
});

test('a list goes by town, way and land; who may go anywhere comes last', () => {
  const all = [project('any', { area_m2: 90_000 }), project('south', { towns: ['south'] }), project('raised', { towns: ['north'], modes: ['vertical'] }), project('less', { towns: ['north'] }), project('more', { towns: ['north'], area_m2: 40_000 })];
  expect(inOrder(all).map((p) => p.id)).toEqual(['raised', 'more', 'less', 'south', 'any']);
});
