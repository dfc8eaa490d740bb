/** For the tests of this package and of whoever implements its ports. */
export { resourceStoreContract, type StoreUnderTest } from './store-contract.ts';
