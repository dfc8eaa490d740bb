import { parseAst } from 'vitest/node';

/** One test as it is reported: each row of a table is one. */
export interface TestTitle {
  /** Titles of what it stands in, outermost first. */
  readonly groups: readonly string[];
  readonly title: string;
  /** Its row of a table that is written out, otherwise all of it but the title. */
  readonly source: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** The tests of a file, from its syntax tree. */
export function testTitles(path: string, text: string): readonly TestTitle[] {
  const program = parseAst(text, { lang: 'ts', sourceType: 'module' }, path) as unknown as Node;
  const constants = new Map<string, Node>();
  const found: TestTitle[] = [];
  visit(program, (node) => {
    const { id, init } = node as { id?: unknown; init?: unknown };
    if (node.type === 'VariableDeclarator' && isNode(id) && isNode(init)) constants.set(String(id['name']), init);
    return true;
  });

  const search = (from: Node, groups: readonly string[]) => {
    visit(from, (node) => {
      if (node === from || node.type !== 'CallExpression') return true;
      const [first] = argumentsOf(node);
      const title = first === undefined ? undefined : textOf(first);
      const { name, table } = calledBy(node['callee']);
      if (title === undefined || !/^(describe|it|test)$/.test(name)) return true;
      if (name === 'describe') search(node, [...groups, title]);
      else found.push(...testsOf(node, title, table).map((test) => ({ groups, ...test })));
      return false;
    });
  };
  const slice = (node: Node) => text.slice(node.start, node.end);
  const testsOf = (node: Node, title: string, table: Node | undefined) => {
    const [, ...rest] = argumentsOf(node).map(slice);
    if (table === undefined) return [{ title, source: rest.join() }];
    const named = table.type === 'Identifier' ? constants.get(String(table['name'])) : table;
    const rows = named === undefined ? undefined : itemsOf(named);
    if (rows === undefined) return [{ title, source: [slice(named ?? table), ...rest].join() }];
    return rows.map((row) => {
      const values = (itemsOf(row) ?? [row]).map((value) => textOf(value) ?? slice(value));
      return { title: filled(title, values), source: slice(row) };
    });
  };
  search(program, []);
  return found;
}

const LONGEST = 40;

/** A title with the values of a row, as far as they are short. */
function filled(title: string, values: readonly string[]): string {
  let next = 0;
  return title.replaceAll(/%[sjdifo]/g, () => {
    const value = (values[next++] ?? '').replaceAll(/\s+/g, ' ');
    return value.length > LONGEST && value.includes(' ') ? '…' : value;
  });
}

/** `it` and the table of `it.skipIf(…).each(…)`. */
function calledBy(callee: unknown, table?: Node): { readonly name: string; readonly table?: Node } {
  if (!isNode(callee)) return { name: '' };
  if (callee.type === 'Identifier') return { name: String(callee['name']), ...(table === undefined ? {} : { table }) };
  if (callee.type === 'MemberExpression') return calledBy(callee['object'], table);
  if (callee.type !== 'CallExpression') return { name: '' };
  const inner = callee['callee'];
  const method = isNode(inner) && isNode(inner['property']) ? inner['property']['name'] : undefined;
  return calledBy(inner, method === 'each' || method === 'for' ? argumentsOf(callee)[0] : table);
}

function argumentsOf(node: Node): readonly Node[] {
  return (node['arguments'] as readonly unknown[]).filter(isNode);
}

/** The items of a list that is written out. */
function itemsOf(node: Node): readonly Node[] | undefined {
  if (/^TS(As|Satisfies)Expression$/.test(node.type)) return itemsOf(node['expression'] as Node);
  if (node.type !== 'ArrayExpression') return undefined;
  return (node['elements'] as readonly unknown[]).filter(isNode);
}

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal') return String(node['value']);
  if (node.type !== 'TemplateLiteral') return undefined;
  const [only, ...others] = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return others.length > 0 ? undefined : only?.value.cooked;
}

/** Goes below a node where `look` says so. */
function visit(node: Node, look: (node: Node) => boolean): void {
  if (!look(node)) return;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, look);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}
