import { expect, test } from 'vitest';
import { bookinfo } from '../../test/fixtures.ts';
import { attention } from './attention.ts';
import { connectionNews, problemNews } from './news.ts';

const items = attention(bookinfo(0), undefined);

test('news names the thing, its state and why', () => {
  expect(problemNews(items.slice(0, 1))).toBe('Gateway shop-gateway is failing: Port 443 is taken by another process');
});

test('more than three at once end in a count', () => {
  expect(problemNews(items).split('. ')).toHaveLength(4);
  expect(problemNews(items)).toContain(`and ${items.length - 3} more need attention`);
});

test('losing and regaining the connection is said, the first connection is not', () => {
  expect(connectionNews('live', 'reconnecting')).toContain('Connection lost');
  expect(connectionNews('reconnecting', 'live')).toBe('Live again');
  expect(connectionNews('connecting', 'live')).toBeUndefined();
  expect(connectionNews('live', 'live')).toBeUndefined();
});
