// The program itself, serving a city file of its own.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import { root } from './build';
import type { Site } from './site';

export class Program {
  readonly dir = mkdtempSync(join(tmpdir(), 'plottage-city-'));
  readonly city = join(this.dir, 'city.gpkg');
  private binary = join(inject('shared'), 'plottage');
  private child?: ChildProcess;
  url = '';

  constructor() {
    if (!existsSync(this.binary)) execFileSync('go', ['build', '-o', this.binary, './cmd/plottage'], { cwd: root, stdio: 'inherit' });
  }

  get site(): Site {
    return { url: this.url } as Site;
  }

  /** Runs a command to its end and returns what it printed. */
  run(...args: string[]): string {
    return execFileSync(this.binary, args, { cwd: this.dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  }

  /** Takes a copy of the demo city, with a plan that was looked for so long: it is made once. */
  demo(time: string) {
    const made = join(inject('shared'), `demo-${time}.gpkg`);
    if (!existsSync(made)) {
      this.run('demo', '--dir', this.dir, '--no-serve', '--time', time, '--json');
      renameSync(join(this.dir, 'demo.gpkg'), made);
    }
    copyFileSync(made, this.city);
  }

  async serve(...args: string[]) {
    this.child = spawn(this.binary, ['serve', this.city, '--port', '0', '--json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: this.child.stdout! })) {
      const found = /"url": "(http[^"]+)"/.exec(line);
      if (found) {
        this.url = found[1]!;
        return;
      }
    }
    throw new Error('plottage serve did not start');
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null) return;
    this.child.kill('SIGINT');
    await once(this.child, 'exit');
  }

  async remove() {
    await this.stop();
    rmSync(this.dir, { recursive: true });
  }
}
