import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
// @ts-expect-error: a plain script
import { generate } from '../../api/generate.mjs';

test('types are those of the API document; else run: npm run api', async () => {
  const fresh = join(mkdtempSync(join(tmpdir(), 'plottage-')), 'types.ts');
  await generate(fresh);
  expect(readFileSync(join(import.meta.dirname, 'types.gen.ts'), 'utf8')).toBe(readFileSync(fresh, 'utf8'));
});
