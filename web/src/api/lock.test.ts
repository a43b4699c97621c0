import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const file = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8');

test('the lock names no registry, so that any mirror serves it, and pins every package by its hash', () => {
  const lock = JSON.parse(file('package-lock.json')) as { packages: Record<string, { integrity?: string; resolved?: string; link?: boolean }> };
  const packages = Object.entries(lock.packages).filter(([name]) => name !== '');
  expect(packages.filter(([, p]) => p.resolved).map(([name]) => name)).toEqual([]);
  expect(packages.filter(([, p]) => !p.integrity && !p.link).map(([name]) => name)).toEqual([]);
});

test('versions are exact', () => {
  const { dependencies, devDependencies } = JSON.parse(file('package.json')) as Record<string, Record<string, string>>;
  expect(Object.entries({ ...dependencies, ...devDependencies }).filter(([, v]) => !/^\d+\.\d+\.\d+$/.test(v))).toEqual([]);
});
