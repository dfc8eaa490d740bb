/** For the tests of all rooms. */
export { isPlausible } from './testing/binomial.ts';
