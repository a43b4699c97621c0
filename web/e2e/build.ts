// Builds the program once before the journeys: the server of the made-up city.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

export const root = join(import.meta.dirname, '..', '..');

export default function setup(project: TestProject) {
  if (!existsSync(join(root, 'web', 'dist', 'index.html'))) throw new Error('the screens are not built: npm run build');
  const dir = mkdtempSync(join(tmpdir(), 'plottage-e2e-'));
  const program = join(dir, 'made-up');
  execFileSync('go', ['build', '-o', program, './internal/server/madeup/serve'], { cwd: root, stdio: 'inherit' });
  project.provide('program', program);
  project.provide('shared', dir);
  return () => rmSync(dir, { recursive: true });
}

declare module 'vitest' {
  interface ProvidedContext {
    program: string;
    shared: string; // a folder for what is made once for all journeys
  }
}
