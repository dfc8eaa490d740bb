import { expect, test } from 'vitest';
import { sendJson } from '../http/reply.ts';
import { call } from '../testing/client.ts';
import { startProgram, typescript } from '../testing/program.ts';
import { startStub } from '../testing/stub.ts';
import { createDetails } from './details.ts';
import { externalBook, externalBookServiceUrl, externalTimeoutMs } from './external-books.ts';

const volume = {
  authors: ['A. Writer', 'B. Writer'],
  publishedDate: '1994',
  printType: 'BOOK',
  pageCount: 64,
  publisher: 'A Press',
  language: 'en',
  industryIdentifiers: [
    { type: 'ISBN_10', identifier: '0486424618' },
    { type: 'ISBN_13', identifier: '9780486424613' },
  ],
};

test('details v2 as a process takes the book from the external service and passes headers on', async () => {
  const books = await startStub((_request, response) => sendJson(response, 200, { items: [{ volumeInfo: volume }] }));
  const command = typescript('details').command() ?? [];
  const program = await startProgram(command, {
    ENABLE_EXTERNAL_BOOK_SERVICE: 'true',
    EXTERNAL_BOOK_SERVICE_URL: `${books.url}/books/v1/volumes`,
  });
  const answer = await call(`${program.url}/details/3`, { headers: { 'x-request-id': 'r-1', 'x-other': 'no' } });
  await program.stop();
  expect(answer.json).toEqual({
    id: 3,
    author: 'A. Writer',
    year: '1994',
    type: 'paperback',
    pages: 64,
    publisher: 'A Press',
    language: 'English',
    'ISBN-10': '0486424618',
    'ISBN-13': '9780486424613',
  });
  expect(books.requests[0]?.path).toBe('/books/v1/volumes?q=isbn%3A0486424618');
  expect(books.requests[0]?.headers).toMatchObject({ 'x-request-id': 'r-1' });
  expect(books.requests[0]?.headers).not.toHaveProperty('x-other');
});

test.each([
  ['is out of order', 503, {}, 'the external book service answered 503'],
  ['knows nothing', 200, { totalItems: 0 }, 'the external book service does not know the book'],
])('when the external service %s the answer is 400 with the reason', async (_case, status, body, error) => {
  const books = await startStub((_request, response) => sendJson(response, status, body));
  const details = await startStub(createDetails(externalBook(books.url)));
  const answer = await call(`${details.url}/details/0`);
  expect([answer.status, answer.json]).toEqual([400, { error }]);
});

test('the external service gets five seconds', async () => {
  const silent = await startStub(() => {});
  const details = await startStub(createDetails(externalBook(silent.url, 50)));
  const answer = await call(`${details.url}/details/0`);
  expect([answer.status, answer.json]).toEqual([400, { error: 'could not reach the external book service' }]);
  expect(externalTimeoutMs).toBe(5_000);
});

test('the address of the external service is https, http when told not to encrypt, or what the environment says', () => {
  expect(externalBookServiceUrl({})).toBe('https://www.googleapis.com/books/v1/volumes');
  expect(externalBookServiceUrl({ DO_NOT_ENCRYPT: 'true' })).toBe('http://www.googleapis.com/books/v1/volumes');
  expect(externalBookServiceUrl({ EXTERNAL_BOOK_SERVICE_URL: 'http://127.0.0.1:1/v' })).toBe('http://127.0.0.1:1/v');
});
