/** What every service owes whoever stops it, in every language. */
import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { call } from './client.ts';
import { type Program, startProgram } from './program.ts';

/** After this long a program ends whatever still goes on. */
const FORCED_AFTER_MS = 5_000;

export function leavesGracefully(command: readonly string[]): void {
  test('on SIGTERM it closes idle connections, fresh ones too, and ends with 0 before it would be forced to', async () => {
    const program = await startProgram(command);
    const agent = new http.Agent({ keepAlive: true });
    expect((await call(`${program.url}/health`, { agent })).status).toBe(200);
    const fresh = connect(program.port, '127.0.0.1');
    // To be closed is what is expected of it, by whatever way the system has.
    fresh.on('error', () => {});
    await once(fresh, 'connect');
    const { exitCode, tookMs } = await program.stop();
    agent.destroy();
    fresh.destroy();
    expect(exitCode).toBe(0);
    expect(tookMs).toBeLessThan(FORCED_AFTER_MS);
  });

  test('it starts without a word and answers', async () => {
    const program: Program = await startProgram(command);
    expect((await call(`${program.url}/health`)).status).toBe(200);
    await program.stop();
    expect(program.output()).toBe('');
  });

  test('a port that is taken ends it with 1 and a reason', async () => {
    const program = await startProgram(command);
    const [file = '', ...args] = command;
    const second = startProgram([file, ...args, String(program.port)]);
    await expect(second).rejects.toThrow(/ended with 1: .*could not start/s);
    await program.stop();
  });

  test('connections are kept between requests', async () => {
    const program = await startProgram(command);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let connections = 0;
    const createConnection = agent.createConnection.bind(agent);
    agent.createConnection = (...parameters) => {
      connections += 1;
      return createConnection(...parameters);
    };
    for (let i = 0; i < 5; i++) await call(`${program.url}/health`, { agent });
    agent.destroy();
    await program.stop();
    expect(connections).toBe(1);
  });
}
