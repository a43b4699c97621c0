// Makes src/api/types.gen.ts from openapi.json, which `go run ./cmd/plottage openapi`
// writes and a Go test keeps fresh.
import { createClient } from '@hey-api/openapi-ts';
import { fileURLToPath } from 'node:url';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = (p) => fileURLToPath(new URL(p, import.meta.url));

/** Writes the types of the API document to a file. */
export async function generate(target) {
  const dir = await mkdtemp(join(tmpdir(), 'plottage-api-'));
  await createClient({
    input: here('./openapi.json'),
    output: { path: dir, postProcess: [] },
    plugins: ['@hey-api/typescript'],
    logs: { level: 'silent' },
  });
  await copyFile(join(dir, 'types.gen.ts'), target);
  await rm(dir, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await generate(here('../src/api/types.gen.ts'));
}
