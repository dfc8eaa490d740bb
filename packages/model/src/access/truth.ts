/** Three values, as Kleene has them: what holds whatever the unknown turns out to be is known all the same. */
export type Truth = boolean | 'unknown';

export function not(truth: Truth): Truth {
  return truth === 'unknown' ? truth : !truth;
}

export function every(truths: Iterable<Truth>): Truth {
  let result: Truth = true;
  for (const truth of truths) {
    if (truth === false) return false;
    if (truth === 'unknown') result = truth;
  }
  return result;
}

export function some(truths: Iterable<Truth>): Truth {
  let result: Truth = false;
  for (const truth of truths) {
    if (truth === true) return true;
    if (truth === 'unknown') result = truth;
  }
  return result;
}
