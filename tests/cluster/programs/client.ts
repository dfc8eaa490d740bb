/** The program of a client pod: questions come in as lines of JSON, replies go out the same way. Ends with its input. */
import { createInterface } from 'node:readline';
import { type Ask, ask } from '../support/ask.ts';

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as Ask;
  void ask(question).then((reply) => process.stdout.write(`${JSON.stringify({ key: question.key, reply })}\n`));
}
