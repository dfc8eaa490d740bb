/**
 * What proxies make of a path before anything looks at it (RFC 3986, 6), so that policies and the program read the same.
 * Absent: dot segments are resolved, `%41` becomes `A`, and slashes are left alone.
 */
export type PathNormalization =
  /** Paths stay as they came. */
  | 'none'
  /** Besides, `//` becomes `/`. */
  | 'merge-slashes'
  /** Besides, `%2F` and `%5C` are read as slashes, and what they make of the path is forwarded. */
  | 'decode-and-merge-slashes';
