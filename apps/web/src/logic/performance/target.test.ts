import { expect, test } from 'vitest';
import { bookinfo } from '../../../test/fixtures.ts';
import { isService, targetChoices, targetText, urlFor } from './target.ts';

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
  expect(isService('productpage.default:9080/productpage', choices)).toBe(true);
  expect(isService('productpage.defau', choices)).toBe(false);
  expect(isService('http://productpage.default:9080', choices)).toBe(false);
});

test('a service stands for an address until the daemon has said where it is', () => {
  expect(urlFor('reviews.default:9080/x')).toBe('http://reviews.default:9080/x');
  expect(urlFor('https://example.test')).toBe('https://example.test/');
  expect(urlFor('http://')).toBeUndefined();
});
