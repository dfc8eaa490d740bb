import type { Condition, PathMatch } from '../plan.ts';
import type { OpenRule } from './rules.ts';

/** What a rule asks for, in words: `GET or HEAD on /details*, with header end-user naruto`. */
export function ruleWords({ from, to, when }: Pick<OpenRule, 'from' | 'to' | 'when'>): string {
  const parts = [alternativesWords(to, ' '), alternativesWords(from, ', '), when.map(conditionWords).join(', ')];
  const words = parts.filter((part) => part !== '').join(', ');
  return words === '' ? 'any request' : words;
}

function alternativesWords(alternatives: readonly (readonly Condition[])[], separator: string): string {
  const texts = alternatives.map((conditions) => [...conditions].sort(byPlace).map(conditionWords).join(separator));
  return texts.length > 1
    ? texts.map((text) => (text.includes(' ') ? `(${text})` : text)).join(' or ')
    : (texts[0] ?? '');
}

/** A request is told by its method and path first. */
const PLACES: readonly Condition['of'][] = ['method', 'path', 'host', 'destination-port'];

function byPlace(a: Condition, b: Condition): number {
  const place = ({ of }: Condition) => (PLACES.includes(of) ? PLACES.indexOf(of) : PLACES.length);
  return place(a) - place(b);
}

/** One condition: `GET or HEAD`, `on /details*`, `with header end-user naruto, not sasuke`. */
export function conditionWords(condition: Condition): string {
  const [wanted, excluded] = valuesOf(condition);
  const lead = LEADS[condition.of];
  const subject =
    condition.of === 'header'
      ? ` ${condition.name}`
      : condition.of === 'claim' || condition.of === 'metadata'
        ? ` ${condition.path.join('.')}`
        : '';
  const head = `${lead}${subject}`.trim();
  const parts = [
    ...(wanted.length === 0 ? [] : [`${head} ${wanted.join(' or ')}`.trim()]),
    ...(excluded.length === 0 ? [] : [`${head} not ${excluded.join(' nor ')}`.trim()]),
  ];
  return parts.join(', but ') || `${head} of any kind`;
}

const LEADS: Readonly<Record<Condition['of'], string>> = {
  principal: 'as',
  namespace: 'from namespace',
  'service-account': 'as service account',
  'request-principal': 'with a token of',
  audience: 'with a token for',
  presenter: 'with a token presented by',
  claim: 'with claim',
  host: 'to host',
  method: '',
  path: 'on',
  header: 'with header',
  'server-name': 'with server name',
  'source-ip': 'from address',
  'remote-ip': 'from client address',
  'destination-ip': 'to address',
  'destination-port': 'to port',
  metadata: 'with metadata',
};

function valuesOf(condition: Condition): readonly [readonly string[], readonly string[]] {
  switch (condition.of) {
    case 'source-ip':
    case 'remote-ip':
    case 'destination-ip':
      return [condition.anyOf, condition.noneOf];
    case 'destination-port':
      return [condition.anyOf.map(String), condition.noneOf.map(String)];
    default:
      return [condition.anyOf.map(wordsOf(condition.of)), condition.noneOf.map(wordsOf(condition.of))];
  }
}

const ANY: Partial<Record<Condition['of'], string>> = { principal: 'any identity', 'request-principal': 'any issuer' };

function wordsOf(of: Condition['of']): (match: PathMatch) => string {
  return (match) => ('present' in match ? (ANY[of] ?? 'of any value') : matchWords(match));
}

/** As Istio writes them, which is shorter than any sentence. */
function matchWords(match: PathMatch): string {
  if ('exact' in match) return match.exact === '' ? '""' : match.exact;
  if ('prefix' in match) return `${match.prefix}*`;
  if ('suffix' in match) return `*${match.suffix}`;
  if ('template' in match) return match.template;
  return 'regex' in match ? `~${match.regex}` : 'any';
}
