import { expect, test } from 'vitest';
import { GOOD_EXPRESSIONS } from '../../testing/cel-expressions.ts';
import { celProblem } from './cel.ts';

test.each(GOOD_EXPRESSIONS)('takes %s', (text) => {
  expect(celProblem(text)).toBeUndefined();
});

test.each([
  ['', 'the end'],
  ['response.code >', 'the end'],
  ['response.code > 400)', ')'],
  ['response code', 'code'],
  ['respons.code > 400', 'attribute that does not exist: respons'],
  ['size(request.path', 'the end'],
  ['lowerAscii(request.path) == "a"', 'function that does not exist: lowerAscii'],
  ['request.path.explode()', 'function that does not exist: explode'],
  ['request.path == "a', 'unexpected'],
  ['request.path # 1', 'unexpected'],
  ['has(request.headers["a"])', 'wants a field'],
  ['[1,2].exists(x, x > 1)', 'function that does not exist: exists'],
  ['request.path.startsWith()', 'gives startsWith 0 arguments; it takes 1'],
  ['size(request.path, 1)', 'gives size 2 arguments'],
  ["string(response.code) == '200'", 'function that does not exist: string'],
  ['!'.repeat(3), 'the end'],
  ['('.repeat(100), 'deeper'],
  [`"${'a'.repeat(5000)}"`, 'more than'],
])('does not take %j', (text, problem) => {
  expect(celProblem(text)).toContain(problem);
});
