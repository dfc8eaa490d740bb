import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { statusView } from './testing/fixtures.ts';
import { bench } from './testing/run-cli.ts';

describe('how a command line ends', () => {
  test('a result ends with 0, on standard output, with nothing on standard error', async () => {
    const { meshwise } = await bench({ handlers: { status: () => ({ body: statusView() }) } });
    const { code, stdout, stderr } = await meshwise('status -o json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(statusView());
  });

  test.each([
    ['statu', "unknown command 'statu' (Did you mean status?)"],
    ['status --outptu json', "unknown option '--outptu' (Did you mean --output?)"],
    ['status -o xml', "argument 'xml' is invalid"],
    ['proxy statsu', "unknown command 'statsu' (Did you mean status?)"],
    ['logs', "missing required argument 'target'"],
    ['status extra', 'too many arguments'],
    ['up --gateway-port 70000', 'Expected a whole number, from 1 to 65535.'],
    ['tap --limit 0', 'Expected a whole number, 1 or more.'],
    ['up --capture iptables', 'Allowed choices are auto, netns, loopback'],
  ])('wrong usage ends with 2 and says what was meant: %s', async (line, message) => {
    const { meshwise } = await bench({ daemon: false });
    const { code, stdout, stderr } = await meshwise(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('error MW7001: ');
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test.each(['', 'proxy'])(
    'a command without its subcommand prints help on standard error and ends with 2: %j',
    async (line) => {
      const { meshwise } = await bench({ daemon: false });
      const { code, stdout, stderr } = await meshwise(line);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('Usage: meshwise');
    },
  );

  test.each(['--help', 'help', 'help proxy', 'proxy status --help', '--version'])(
    'asked for, %s ends with 0',
    async (line) => {
      const { meshwise } = await bench({ daemon: false });
      const { code, stdout, stderr } = await meshwise(line);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    },
  );
});

describe('when there is no daemon to talk to', () => {
  test('none was started: MW6003, exit code 3, and what to do', async () => {
    const { meshwise, home } = await bench({ daemon: false });
    const { code, stderr } = await meshwise('status');
    expect(code).toBe(3);
    expect(stderr).toMatch(new RegExp(`^error MW6003: no daemon runs on ${home}\n {2}Start it with \`meshwise up`));
  });

  test('it is gone: MW6003 says that nothing listens', async () => {
    const { meshwise, server } = await bench();
    await server?.close();
    const { code, stderr } = await meshwise('ui');
    expect(code).toBe(3);
    expect(stderr).toContain('nothing listens there');
  });

  test('half a daemon.json, as a crash leaves it, counts as none', async () => {
    const { meshwise, home } = await bench();
    await writeFile(join(home, 'daemon.json'), '{"pid": 47');
    expect((await meshwise('status')).stderr).toContain('error MW6003: no daemon runs');
  });

  test('a token that cannot be read is MW6004 and names the file', async () => {
    const { meshwise, home } = await bench();
    await rm(join(home, 'token'));
    const { code, stderr } = await meshwise('status');
    expect(code).toBe(3);
    expect(stderr).toContain(`error MW6004: ${join(home, 'token')}`);
  });

  test('a wrong token is refused by the daemon, in its words and with its advice', async () => {
    const { meshwise, home } = await bench({ handlers: { status: () => ({ body: statusView() }) } });
    await writeFile(join(home, 'token'), 'wrong');
    const { code, stderr } = await meshwise('status');
    expect(code).toBe(3);
    expect(stderr).toBe('error MW6004: the token is missing or wrong\n  advice of MW6004\n');
  });
});

describe('how errors are printed', () => {
  const failing = {
    status: () => ({ status: 500, error: { code: 'MW2006', message: 'disk full', advice: 'Free some.', details: {} } }),
  };

  test('with -o json as one object, so that pipelines need not parse sentences', async () => {
    const { meshwise } = await bench({ handlers: failing });
    const { code, stdout, stderr } = await meshwise('status -o json');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ code: 'MW2006', message: 'disk full', advice: 'Free some.' });
  });

  test('a stack trace only with MESHWISE_DEBUG=1', async () => {
    const quiet = await (await bench({ handlers: failing })).meshwise('status');
    const debug = await (await bench({ handlers: failing, env: { MESHWISE_DEBUG: '1' } })).meshwise('status');
    expect(quiet.stderr).not.toContain('    at ');
    expect(debug.stderr).toContain('    at ');
  });

  test('an answer that is not of our API is MW6003, not a stack trace', async () => {
    const { meshwise } = await bench({ handlers: { status: () => ({ stream: ['<html>hello</html>'] }) } });
    const { code, stderr } = await meshwise('status');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error MW6003: the answer from \S+ is not JSON\n/);
  });

  test('escape sequences in a message do not reach the terminal', async () => {
    const error = { code: 'MW2001', message: 'no \u001b[31mpod\u001b[0m\u0007', advice: 'look', details: {} };
    const { meshwise } = await bench({ handlers: { status: () => ({ status: 404, error }) } });
    const { code, stderr } = await meshwise('status');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error MW2001: no pod\n  look\n' });
  });
});

describe('colours', () => {
  const handlers = { status: () => ({ body: statusView() }) };
  const csi = '\u001b[';

  test('on a terminal only, and words say the same without them', async () => {
    const coloured = await (await bench({ handlers, isTTY: true })).meshwise('status');
    const plain = await (await bench({ handlers })).meshwise('status');
    expect(coloured.stdout).toContain(csi);
    expect(coloured.stdout.replaceAll(new RegExp(`${csi.replace('[', '\\[')}\\d+m`, 'g'), '')).toBe(plain.stdout);
    expect(plain.stdout).toContain('degraded');
  });

  test.each([
    ['--no-color', 'status --no-color', {}],
    ['--no-color before the command', '--no-color status', {}],
    ['NO_COLOR', 'status', { NO_COLOR: '1' }],
    ['TERM=dumb', 'status', { TERM: 'dumb' }],
  ])('off with %s', async (_, line, env) => {
    const { meshwise } = await bench({ handlers, isTTY: true, env });
    expect((await meshwise(line)).stdout).not.toContain(csi);
  });

  test('forced for a pipe by FORCE_COLOR', async () => {
    const { meshwise } = await bench({ handlers, env: { FORCE_COLOR: '1' } });
    expect((await meshwise('status')).stdout).toContain(csi);
  });
});
