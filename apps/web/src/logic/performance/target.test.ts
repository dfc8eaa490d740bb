import { expect, test } from 'vitest';
import { bookinfo } from '../../../test/fixtures.ts';
import { serviceOf, targetChoices, targetText, urlFor } from './target.ts';

const choices = targetChoices(bookinfo(0));

test('services that speak HTTP can be chosen, a database cannot', () => {
  expect(choices.map(({ target }) => target)).toContain('productpage.default:9080');
  expect(choices.some(({ target }) => target.startsWith('mysqldb'))).toBe(false);
});

test.each([
  ['reviews.default:9080', '', 'reviews.default:9080'],
  ['reviews.default:9080', 'reviews/1', 'reviews.default:9080/reviews/1'],
  ['reviews.default:9080/old?x', '/new', 'reviews.default:9080/new'],
  ['http://127.0.0.1:8080/a?b', '/c?d', 'http://127.0.0.1:8080/c?d'],
])('%s with the path “%s” is %s', (target, path, whole) => {
  expect(targetText(target, path)).toBe(whole);
});

test('only a whole service of this mesh is asked without being told to', () => {
  const whole = [
    'productpage.default:9080/productpage',
    'productpage.default',
    'productpage/productpage',
    'productpage:9080',
  ];
  for (const target of whole) expect(serviceOf(target, choices)?.target, target).toBe('productpage.default:9080');
  const others = [
    'productpage.defau',
    'productpa',
    'productpage.other',
    'productpage:1',
    'http://productpage.default:9080',
    '',
  ];
  for (const target of others) expect(serviceOf(target, choices), target).toBeUndefined();
});

test('a service stands for an address until the daemon has said where it is', () => {
  expect(urlFor('reviews.default:9080/x')).toBe('http://reviews.default:9080/x');
  expect(urlFor('https://example.test')).toBe('https://example.test/');
  expect(urlFor('http://')).toBeUndefined();
});
