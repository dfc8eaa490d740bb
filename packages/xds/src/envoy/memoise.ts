/**
 * Remembers what `print` made of an object for as long as the object lives. Plans are frozen and identity-stable, so an
 * item that did not change is neither printed nor encoded again, and what is printed from it keeps its identity too.
 */
export function memoise<Item extends object, Printed>(print: (item: Item) => Printed): (item: Item) => Printed {
  const known = new WeakMap<Item, { readonly printed: Printed }>();
  return (item) => {
    const hit = known.get(item);
    if (hit !== undefined) return hit.printed;
    const printed = print(item);
    known.set(item, { printed });
    return printed;
  };
}

/** The same for what is printed from two objects; the second is usually the proxy's descriptor or its placement. */
export function memoisePair<First extends object, Second extends object, Printed>(
  print: (first: First, second: Second) => Printed,
): (first: First, second: Second) => Printed {
  const byFirst = memoise((first: First) => memoise((second: Second) => print(first, second)));
  return (first, second) => byFirst(first)(second);
}
