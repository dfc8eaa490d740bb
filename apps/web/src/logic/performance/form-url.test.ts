import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSearchText, stringifySearch } from '../search-params.ts';
import { formToSearch, leavesOut, searchToForm } from './form-url.ts';
import { EMPTY_FORM, type PlanForm } from './plan-form.ts';

const through = (form: PlanForm) => searchToForm(parseSearchText(stringifySearch(formToSearch(form))));

test('an empty form has an empty address', () => {
  expect(formToSearch(EMPTY_FORM)).toEqual({});
  expect(searchToForm({})).toEqual(EMPTY_FORM);
});

test('a plan survives its address', () => {
  const form: PlanForm = {
    ...EMPTY_FORM,
    target: 'http://127.0.0.1:8080/?q=a&b=ü',
    pace: 'stages',
    stages: [
      { from: '0', to: '1,5', duration: '30s' },
      { from: '', to: '', duration: '' },
    ].map((stage) => ({ ...stage, to: stage.to.replace(',', '') })),
    headers: [{ name: 'accept', value: 'text/html, a: b' }],
    rps: '',
    compare: true,
    keepAlive: false,
    p99: '50ms',
  };
  expect(through(form)).toEqual(form);
});

test('any texts in the fields survive', () => {
  const field = fc.string({ maxLength: 40 });
  const texts = fc.record({ target: field, name: field, body: field, duration: field, ca: field });
  fc.assert(
    fc.property(texts, (fields) => {
      expect(through({ ...EMPTY_FORM, ...fields })).toEqual({ ...EMPTY_FORM, ...fields });
    }),
  );
});

test('secrets stay out of the address, and the page says so', () => {
  const headers = [{ name: 'Authorization', value: 'Bearer s3cret' }];
  const form = { ...EMPTY_FORM, headers, key: '-----BEGIN PRIVATE KEY-----', certificate: 'x' };
  expect(JSON.stringify(formToSearch(form))).not.toMatch(/s3cret|PRIVATE/);
  expect(leavesOut(form)).toBe(true);
  expect(leavesOut({ ...EMPTY_FORM, headers: [{ name: 'accept', value: '*/*' }] })).toBe(false);
});

test('consent is given by a person and never by a link', () => {
  expect(formToSearch({ ...EMPTY_FORM, yes: true })).toEqual({});
  expect(searchToForm({ yes: 'yes' }).yes).toBe(false);
});

test('what no form can say is the default', () => {
  expect(searchToForm({ pace: 'warp', protocol: 7, from: ['inside'], compare: 'maybe' })).toEqual(EMPTY_FORM);
});
