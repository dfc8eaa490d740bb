const read = new Map<string, Expression | undefined>();

/** Expressions of a mesh's policies are few; whoever asks for many of his own starts anew. */
const KEPT = 1000;

/** Steps of a search that may go back, at most: milliseconds. */
const MAX_STEPS = 1e7;

interface Expression {
  readonly compiled: RegExp;
  readonly quantifiers: number;
  readonly choices: number;
}

/**
 * Whether an expression of RE2 matches a whole value, by the engine at hand; undefined when that one cannot read it, or
 * might take too long. RE2 takes linear time, this one goes back: who writes a policy must not stop whoever asks about it.
 */
export function matchesExpression(expression: string, value: string): boolean | undefined {
  const found = expressionOf(expression);
  if (found === undefined) return undefined;
  const steps = (value.length + 1) ** found.quantifiers * 2 ** found.choices;
  return steps > MAX_STEPS ? undefined : found.compiled.test(value);
}

function expressionOf(expression: string): Expression | undefined {
  if (read.has(expression)) return read.get(expression);
  if (read.size >= KEPT) read.clear();
  const compiled = compile(expression);
  read.set(expression, compiled);
  return compiled;
}

/** Flags at its beginning, as `(?i)`, are all that RE2 has beyond JavaScript and people use. */
function compile(expression: string): Expression | undefined {
  const [head = '', flags = ''] = /^\(\?([is]+)\)/.exec(expression) ?? [];
  const body = expression.slice(head.length);
  // What is escaped or in a class means itself, and what begins a group is no repetition.
  const bare = body.replaceAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]/gs, '.').replaceAll('(?', '(');
  // Repetitions of repetitions may take exponential time.
  if (/\)[*+{]/.test(bare)) return undefined;
  const count = (pattern: RegExp) => bare.match(pattern)?.length ?? 0;
  try {
    const compiled = new RegExp(`^(?:${body})$`, flags);
    return { compiled, quantifiers: count(/[*+{]/g), choices: count(/[?|]/g) };
  } catch {
    return undefined;
  }
}
