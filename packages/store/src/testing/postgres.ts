import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chownSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
const SUPERUSER = 'tester';
const DEBIAN = '/usr/lib/postgresql';

/** A PostgreSQL of our own on a Unix socket in a temporary directory. */
export interface TestPostgres {
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  /** URL of any database; `user` may be `name:password`. */
  url(database: string, user?: string): string;
  /** Runs SQL as the superuser. */
  execute(url: string, sql: string): Promise<void>;
  restart(): Promise<void>;
  /** Ends it and deletes everything. */
  stop(): Promise<void>;
}

/** Where PostgreSQL's programs are: on the path, or where Debian keeps them. Undefined when there are none. */
export function findPostgres(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((path) => path !== '');
  const debian = list(DEBIAN).map((version) => join(DEBIAN, version, 'bin'));
  const found = [...onPath, ...debian].find(
    (path) => isProgram(join(path, 'initdb')) && isProgram(join(path, 'postgres')),
  );
  // It finds its own files beside itself, so a link would lead it astray.
  return found && dirname(realpathSync(join(found, 'initdb')));
}

export interface TestPostgresOptions {
  /** As in postgresql.conf. */
  readonly settings?: readonly string[];
  /** Lines of pg_hba.conf that come before those that trust everybody. */
  readonly accessRules?: readonly string[];
  /** Put into its directory, readable by the server only. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Makes a cluster and starts it. Takes about two seconds. */
export async function startPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const programs = findPostgres();
  if (programs === undefined) throw new Error('There is no PostgreSQL');
  const directory = mkdtempSync(join(tmpdir(), 'meshwise-pg-'));
  const user = unprivileged();
  const hand = (path: string) => user && chownSync(path, user.uid, user.gid);
  hand(directory);
  const as = { ...user, cwd: directory, env: { ...process.env, LC_ALL: 'C' } };
  const data = join(directory, 'data');
  await run(join(programs, 'initdb'), ['-D', data, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--no-sync'], as);
  const access = join(data, 'pg_hba.conf');
  writeFileSync(access, [...(options.accessRules ?? []), readFileSync(access, 'utf8')].join('\n'));
  for (const [name, content] of Object.entries(options.files ?? {})) {
    writeFileSync(join(data, name), content, { mode: 0o600 });
    hand(join(data, name));
  }
  // What is deleted at the end need not outlive the machine.
  const settings = [
    'fsync=off',
    'listen_addresses=',
    `unix_socket_directories=${directory}`,
    ...(options.settings ?? []),
  ];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const start = () =>
    startServer(spawn(join(programs, 'postgres'), args, { ...as, stdio: ['ignore', 'ignore', 'pipe'] }));
  let server = await start();
  let databases = 0;

  const url: TestPostgres['url'] = (database, who = SUPERUSER) =>
    `postgres://${who}@/${database}?host=${encodeURIComponent(directory)}`;
  const execute: TestPostgres['execute'] = async (at, sql) => {
    const client = new pg.Client({ connectionString: at });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const end = async (signal: 'SIGINT' | 'SIGQUIT') => {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  return {
    url,
    execute,
    async createDatabase() {
      databases += 1;
      await execute(url('postgres'), `create database results_${databases}`);
      return url(`results_${databases}`);
    },
    async restart() {
      await end('SIGINT');
      server = await start();
    },
    async stop() {
      // Without a last checkpoint, which takes long after many databases.
      await end('SIGQUIT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function startServer(server: ChildProcess & { readonly stderr: Readable }): Promise<ChildProcess> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: server.stderr }).on('line', (line) => {
      said.push(line);
      if (line.includes('ready to accept connections')) resolve(server);
    });
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`PostgreSQL has ended: ${said.join('\n')}`)));
  });
}

/** PostgreSQL refuses root: then the user that its package makes, or else nobody. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([one]) => one === name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('There is no user but root to run PostgreSQL as');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
