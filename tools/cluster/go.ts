import { execFile, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { promisify } from 'node:util';

/** What a `go` command prints, for questions; throws when it fails. */
export async function askGo(folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('go', [...args], { cwd: folder, env: goEnvironment() });
  return stdout.trim();
}

/** Whether there is a Go here that the modules can be built with. */
export async function goVersion(folder: string): Promise<string | undefined> {
  try {
    return await askGo(folder, ['env', 'GOVERSION']);
  } catch {
    return undefined;
  }
}

/** A build at the lowest priority: it takes minutes, and whoever sits at the machine has other things to do. */
export function runGo(folder: string, args: readonly string[], onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', [...args], { cwd: folder, env: goEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      words = `${words}${text}`.slice(-4000);
      for (const line of text.split('\n')) if (line !== '') onLine(line);
    });
    child.once('spawn', () => {
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go ${args[0] ?? ''} ended with ${code}: ${words}`));
    });
  });
}

function goEnvironment(): NodeJS.ProcessEnv {
  // The version of Go that is there: another one would be fetched from where a closed network has no way to.
  return { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOWORK: 'off' };
}
