export type { ConnectInside } from './http-get.ts';
export { KeySetFetcher, type KeySetFetcherOptions } from './key-set-fetcher.ts';
