import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import { describe as describeError, MeshwiseError } from './errors.ts';

describe('MeshwiseError', () => {
  it('names file, line, column, field, what was found and what is expected, in that order', () => {
    const error = new MeshwiseError('MW1004', 'the weight is not a number', {
      file: 'routes.yaml',
      line: 12,
      column: 9,
      field: 'spec.http[0].route[1].weight',
      found: '"ten"',
      expected: 'an integer',
    });
    expect(error.message).toBe(
      'MW1004: routes.yaml:12:9: spec.http[0].route[1].weight: the weight is not a number (found "ten", expected an integer)',
    );
  });

  it('leaves out what is not known', () => {
    expect(describeError('the file is empty', { file: 'a.yaml' })).toBe('a.yaml: the file is empty');
    expect(describeError('no column without a line', { column: 3 })).toBe('no column without a line');
    expect(describeError('nothing is known', {})).toBe('nothing is known');
  });

  it('takes advice, exit code and status from the catalogue, and advice from the place that knows better', () => {
    const error = new MeshwiseError('MW6003', 'no answer');
    expect([error.advice, error.exitCode, error.httpStatus]).toEqual([CATALOGUE.MW6003.advice, 3, 503]);
    expect(new MeshwiseError('MW6003', 'no answer', { advice: 'Wait.' }).advice).toBe('Wait.');
  });

  it('makes an error of whatever was thrown, and keeps it as the cause', () => {
    const cause = new TypeError('x is not a function');
    const error = MeshwiseError.from(cause);
    expect([error.code, error.summary, error.cause]).toEqual(['MW0001', 'x is not a function', cause]);
    expect(MeshwiseError.from(error)).toBe(error);
    expect(MeshwiseError.from('text').summary).toBe('text');
  });

  it('travels as JSON without its stack', () => {
    const body = JSON.parse(JSON.stringify(new MeshwiseError('MW2001', 'there is no pod x', { found: 'x' })));
    expect(Object.keys(body).sort()).toEqual(['advice', 'code', 'details', 'message']);
    expect(body.message).toBe('there is no pod x (found x)');
  });

  it('always begins its message with the code and holds the summary', () => {
    const code = fc.constantFrom(...(Object.keys(CATALOGUE) as ErrorCode[]));
    fc.assert(
      fc.property(code, fc.string(), fc.option(fc.string(), { nil: undefined }), (key, summary, file) => {
        const { message } = new MeshwiseError(key, summary, { file });
        return message.startsWith(`${key}: `) && message.includes(summary);
      }),
    );
  });
});
