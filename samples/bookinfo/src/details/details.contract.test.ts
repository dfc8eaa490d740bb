/** The details service as other programs meet it (004-92, Lab 2: one application, several languages). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from '../testing/client.ts';
import { leavesGracefully } from '../testing/leaving.ts';
import { type Program, python, startProgram, typescript } from '../testing/program.ts';

const book =
  '{"id":0,"author":"William Shakespeare","year":1595,"type":"paperback","pages":200,"publisher":"PublisherA",' +
  '"language":"English","ISBN-10":"1234567890","ISBN-13":"123-1234567890"}';

for (const implementation of [typescript('details'), python('details')]) {
  const command = implementation.command();
  const name = `details in ${implementation.language}`;
  describe.runIf(command)(command ? name : `${name} (skipped: ${implementation.language} is not installed)`, () => {
    let program: Program;
    beforeAll(async () => {
      program = await startProgram(command ?? []);
    });
    afterAll(() => program?.stop());

    test('is healthy', async () => {
      const answer = await call(`${program.url}/health`);
      expect([answer.status, answer.text]).toEqual([200, '{"status":"Details is healthy"}']);
      expect(answer.headers['content-type']).toBe('application/json');
    });

    test('knows the book, whatever its number', async () => {
      expect((await call(`${program.url}/details/0`)).text).toBe(book);
      expect((await call(`${program.url}/details/42?edition=2`)).json).toMatchObject({ id: 42 });
      expect((await call(`${program.url}/details/-7`)).json).toMatchObject({ id: -7 });
    });

    test.each([
      '/details/first',
      '/details/',
      '/details',
      '/details/1.5',
      '/details/0x1',
      '/details/0/1',
      '/details/%30',
    ])('refuses %s: the number is missing', async (path) => {
      const answer = await call(program.url + path);
      expect([answer.status, answer.text]).toEqual([400, '{"error":"please provide numeric product ID"}']);
    });

    test('knows no other paths and only reads', async () => {
      const unknown = await call(`${program.url}/detailsx`);
      expect([unknown.status, unknown.text]).toEqual([404, '{"error":"not found"}']);
      const posted = await call(`${program.url}/details/0`, { method: 'POST', body: 'x' });
      expect([posted.status, posted.text]).toEqual([405, '{"error":"method not allowed"}']);
      expect(posted.headers['allow']).toBe('GET, HEAD');
    });

    test('answers HEAD with the length and no body', async () => {
      const answer = await call(`${program.url}/details/0`, { method: 'HEAD' });
      expect([answer.status, answer.headers['content-length'], answer.text]).toEqual([200, String(book.length), '']);
    });

    leavesGracefully(command ?? []);
  });
}
