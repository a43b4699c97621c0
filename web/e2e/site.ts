// A server on this machine that shows the made-up city of internal/server/madeup.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './build';

export class Site {
  private constructor(private program: string, private args: string[], private child: ChildProcess, readonly url: string) {}

  static async start(program: string, ...args: string[]): Promise<Site> {
    const [child, url] = await launch(program, ['-port', '0', ...args]);
    return new Site(program, args, child, url);
  }

  /** Stops the server as Ctrl-C does. */
  async stop() {
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGINT');
    await once(this.child, 'exit');
  }

  /** Starts it again at the same address. */
  async startAgain(...more: string[]) {
    [this.child] = await launch(this.program, ['-port', new URL(this.url).port, ...this.args, ...more]);
  }
}

async function launch(program: string, args: string[]): Promise<[ChildProcess, string]> {
  const child = spawn(program, [...args, '-ui', join(root, 'web', 'dist')], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.startsWith('http://')) return [child, line.trim()];
  }
  throw new Error('the server did not start');
}
