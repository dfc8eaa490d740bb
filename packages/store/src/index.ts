export { openResultStore, type ResultStoreOptions } from './open.ts';
