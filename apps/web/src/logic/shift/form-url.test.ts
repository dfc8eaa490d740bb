import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSearchText, stringifySearch } from '../search-params.ts';
import { EMPTY_SHIFT, type ShiftForm } from './form.ts';
import { searchToShift, shiftToSearch } from './form-url.ts';

const through = (form: ShiftForm) => searchToShift(parseSearchText(stringifySearch(shiftToSearch(form))));

test('an empty form has an empty address', () => {
  expect(shiftToSearch(EMPTY_SHIFT)).toEqual({});
  expect(searchToShift({})).toEqual(EMPTY_SHIFT);
});

test('a plan survives its address', () => {
  const form: ShiftForm = {
    ...EMPTY_SHIFT,
    target: 'default/reviews/0',
    split: { v1: 10, v3: 90 },
    locked: ['v1'],
    when: 'now',
    hold: '',
    testers: 'cookie',
    testersName: 'group',
    testersValue: 'a; b=c',
    onFailure: 'Pause',
  };
  expect(through(form)).toEqual(form);
});

test('any texts in the fields survive', () => {
  const field = fc.string({ maxLength: 30 });
  fc.assert(
    fc.property(fc.record({ name: field, hold: field, p99: field, testersValue: field }), (fields) => {
      expect(through({ ...EMPTY_SHIFT, ...fields })).toEqual({ ...EMPTY_SHIFT, ...fields });
    }),
  );
});

test.each([{ split: 'v1:10,v3:80' }, { split: 'v1' }, { when: 'later' }, { onFailure: 7 }, { locked: 'v9' }])(
  'what is no plan is the default: %j',
  (raw) => {
    expect(searchToShift(raw)).toEqual(EMPTY_SHIFT);
  },
);
