import type { HttpMatch, StringMatch, VirtualServiceHttpRoute } from '@meshwise/resources';

/** What a route matches, in words: one for each alternative, and `everything` without any. */
export function matchWords({ match = [] }: VirtualServiceHttpRoute): string[] {
  return match.length === 0 ? ['everything'] : match.map(alternativeWords);
}

function alternativeWords(match: HttpMatch): string {
  const parts = Object.entries(match).flatMap(([field, value]): string[] => {
    if (field === 'name' || field === 'statPrefix') return [];
    if (field === 'headers' || field === 'withoutHeaders' || field === 'queryParams') {
      const kind = field === 'queryParams' ? 'parameter' : field === 'headers' ? 'header' : 'without header';
      return Object.entries(value as Record<string, StringMatch>).map(
        ([name, one]) => `${kind} ${name}${textWords(one)}`,
      );
    }
    if (typeof value === 'object' && !Array.isArray(value)) return [`${field}${textWords(value as StringMatch)}`];
    return [`${field} ${Array.isArray(value) ? value.join(', ') : String(value)}`];
  });
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

function textWords(match: StringMatch): string {
  const [[how, text] = []] = Object.entries(match);
  return how === undefined ? '' : ` ${how === 'exact' ? 'is' : how} ${String(text)}`;
}
