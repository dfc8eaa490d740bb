/** The ratings service as other programs meet it, in every version and language (004-92). */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from '../testing/client.ts';
import { leavesGracefully } from '../testing/leaving.ts';
import { go, type Program, startProgram, typescript } from '../testing/program.ts';

const usual = '{"id":0,"ratings":{"Reviewer1":5,"Reviewer2":4}}';

for (const implementation of [typescript('ratings'), go('ratings')]) {
  const command = implementation.command();
  const name = `ratings in ${implementation.language}`;
  describe.runIf(command)(command ? name : `${name} (skipped: ${implementation.language} is not installed)`, () => {
    const start = (version: string) => startProgram(command ?? [], { SERVICE_VERSION: version });
    let v1: Program;
    beforeAll(async () => {
      v1 = await start('v1');
    });
    afterAll(() => v1?.stop());
    const post = (path: string, body: string) => call(v1.url + path, { method: 'POST', body });

    test('is healthy', async () => {
      const answer = await call(`${v1.url}/health`);
      expect([answer.status, answer.text]).toEqual([200, '{"status":"Ratings is healthy"}']);
      expect(answer.headers['content-type']).toBe('application/json');
    });

    test('rates every book with five and four stars until told otherwise', async () => {
      expect((await call(`${v1.url}/ratings/0`)).text).toBe(usual);
      const stored = await post('/ratings/8', ' {"Reviewer1": 1, "<b>": 2}\n');
      expect([stored.status, stored.text]).toEqual([200, '{"id":8,"ratings":{"Reviewer1":1,"<b>":2}}']);
      expect((await call(`${v1.url}/ratings/8`)).text).toBe(stored.text);
      expect((await call(`${v1.url}/ratings/0`)).text).toBe(usual);
    });

    test.each(['/ratings/first', '/ratings/', '/ratings', '/ratings/1.5'])('refuses %s: no number', async (path) => {
      const error = '{"error":"please provide numeric product ID"}';
      const got = await call(v1.url + path);
      const posted = await post(path, '{}');
      expect([got.status, got.text, posted.status, posted.text]).toEqual([400, error, 400, error]);
    });

    test.each(['', '{', '5', '[1]', 'null', '{} {}', `{"a":"${'x'.repeat(70_000)}"}`])(
      'refuses ratings that are not a JSON object: %.10s',
      async (body) => {
        const answer = await post('/ratings/0', body);
        expect([answer.status, answer.text]).toEqual([400, '{"error":"please provide valid ratings JSON"}']);
      },
    );

    test('knows no other paths and methods', async () => {
      expect((await call(`${v1.url}/`)).status).toBe(404);
      const deleted = await call(`${v1.url}/ratings/0`, { method: 'DELETE' });
      expect([deleted.status, deleted.headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
      expect((await post('/health', '')).status).toBe(405);
    });

    test.each(['v2', 'v2-mysql', 'v2-mysql-vm'])('%s has no database', async (version) => {
      const program = await start(version);
      const got = await call(`${program.url}/ratings/0`);
      expect([got.status, got.text]).toEqual([500, '{"error":"could not connect to ratings database"}']);
      const posted = await call(`${program.url}/ratings/0`, { method: 'POST', body: '{}' });
      const error = '{"error":"Post not implemented for database backed ratings"}';
      expect([posted.status, posted.text]).toEqual([501, error]);
      expect((await call(`${program.url}/health`)).status).toBe(200);
      await program.stop();
    });

    test('v-faulty refuses about half of the requests', async () => {
      const program = await start('v-faulty');
      const answers = await Promise.all(Array.from({ length: 200 }, () => call(`${program.url}/ratings/0`)));
      await program.stop();
      const refused = answers.filter((answer) => answer.status === 503);
      expect(refused.length).toBeGreaterThan(60);
      expect(refused.length).toBeLessThan(140);
      expect(refused[0]?.text).toBe('{"error":"Service unavailable"}');
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(200 - refused.length);
    });

    test.each(['v-unavailable', 'v-unhealthy'])('%s begins well', async (version) => {
      const program = await start(version);
      expect((await call(`${program.url}/health`)).status).toBe(200);
      expect((await call(`${program.url}/ratings/0`)).text).toBe(usual);
      await program.stop();
    });

    test('a request in flight is finished before it leaves', async () => {
      const program = await start('v1');
      const socket = connect(program.port, '127.0.0.1').setEncoding('utf8');
      let received = '';
      socket.on('error', () => {});
      socket.on('data', (chunk: string) => {
        received += chunk;
      });
      socket.write('POST /ratings/1 HTTP/1.1\r\nHost: ratings\r\nContent-Length: 15\r\nExpect: 100-continue\r\n\r\n');
      while (!received.includes('100 Continue')) await once(socket, 'data');
      const stopped = program.stop();
      setTimeout(() => socket.write('{"Reviewer1":3}'), 300);
      const { exitCode, tookMs } = await stopped;
      expect(received).toMatch(/HTTP\/1.1 200 OK[\s\S]*\{"id":1,"ratings":\{"Reviewer1":3\}\}$/);
      expect(received.toLowerCase()).toContain('connection: close');
      expect(exitCode).toBe(0);
      // After the request, and before it would be forced.
      expect(tookMs).toBeGreaterThan(290);
      expect(tookMs).toBeLessThan(5_000);
    });

    leavesGracefully(command ?? []);
  });
}
