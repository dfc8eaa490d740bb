/** Expressions that Envoy takes, of all that the syntax has. */
export const GOOD_EXPRESSIONS: readonly string[] = [
  'response.code >= 400',
  'response.code == 200 && request.url_path.startsWith("/reviews/") || !connection.mtls',
  "request.headers['x-user'] in ['a', \"b\"]",
  'has(request.referer) && size(request.path) > 3',
  '-response.code + 2 * 3 % 4 / 1 < 0 ? true : false',
  "xds.cluster_name.matches('^outbound.*$') && matches(request.path, '^/')",
  'request.time.getHours() > 3 && request.duration > duration("1s")',
  "{'a': 1}['a'] == 1",
  '(((response.code))) != 0x10',
  "request.path.contains('a') && request.path.endsWith('b') && request.path.size() > 1",
  "int('1') == 1 && uint(1) == 1u && double(1) == 1.0",
  "timestamp('2026-01-01T00:00:00Z') < request.time && type(response.code) == type(1) && dyn(1) == 1",
  'request.time.getFullYear() > 1 && request.time.getMonth() > 1 && request.time.getDate() > 1 && request.time.getDayOfMonth() > 1',
  'request.time.getDayOfWeek() > 1 && request.time.getDayOfYear() > 1 && request.time.getMinutes() > 1',
  'request.time.getSeconds("UTC") > 1 && request.time.getMilliseconds() > 1',
];
