import { parseAst } from 'vitest/node';

/** What the tests of the house want to know of a source file. */
export interface Syntax {
  readonly imports: readonly Import[];
  /** What is read by name, as `setTimeout` and `Date.now`, and `new Date()`; whether a name is a global or local is not told apart. */
  readonly globals: readonly Place[];
  /** String literals that are passed on: not those that something is compared with. */
  readonly strings: readonly Place[];
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Types are gone before the program runs. */
  readonly typeOnly: boolean;
}

export interface Place {
  readonly text: string;
  readonly line: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/**
 * Reads imports, uses of globals and strings from the syntax tree rather than by regular expressions, for which a comment or a
 * template that looks like code is code. The parser is the one that Vitest brings.
 */
export function readSyntax(path: string, text: string): Syntax {
  const lang = path.endsWith('.tsx') ? 'tsx' : /\.m?ts$/.test(path) ? 'ts' : 'js';
  const program = parseAst(text.replace(/^#!.*/, ''), { lang, sourceType: 'module' }, path);
  const imports: Import[] = [];
  const globals: Place[] = [];
  const strings: Place[] = [];
  const lineOf = lines(text);
  const add = (source: unknown, typeOnly: boolean) => {
    if (!isNode(source)) return;
    const specifier = source.type === 'Literal' ? String(source['value']) : COMPUTED;
    imports.push({ specifier, line: lineOf(source.start), typeOnly });
  };
  visit(program as unknown as Node, (node, parent) => {
    switch (node.type) {
      case 'ImportDeclaration':
        add(node['source'], node['importKind'] === 'type');
        break;
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        add(node['source'], node['exportKind'] === 'type');
        break;
      case 'ImportExpression':
        add(node['source'], false);
        break;
      case 'TSImportType':
        add(node['source'] ?? node['argument'], true);
        break;
      case 'CallExpression': {
        const { callee, arguments: given } = node as unknown as { callee: Node; arguments: readonly unknown[] };
        if (callee.type === 'Identifier' && callee['name'] === 'require') add(given[0], false);
        break;
      }
      case 'MemberExpression': {
        const { object, property } = node as unknown as { object: Node; property: Node };
        if (object.type === 'Identifier' && property.type === 'Identifier')
          globals.push({ text: `${object['name']}.${property['name']}`, line: lineOf(node.start) });
        break;
      }
      case 'NewExpression': {
        const { callee, arguments: given } = node as unknown as { callee: Node; arguments: readonly unknown[] };
        if (callee['name'] === 'Date' && given.length === 0)
          globals.push({ text: 'new Date()', line: lineOf(node.start) });
        break;
      }
      case 'Identifier':
        if (!isName(node, parent)) globals.push({ text: String(node['name']), line: lineOf(node.start) });
        break;
      case 'Literal':
        if (typeof node['value'] === 'string' && !/^(BinaryExpression|SwitchCase)$/.test(parent?.type ?? ''))
          strings.push({ text: node['value'], line: lineOf(node.start) });
        break;
    }
  });
  return { imports, globals, strings };
}

/** The specifier of an import whose target is computed, so that nobody can say from the source what it is. */
export const COMPUTED = '(computed)';

/** True for an identifier that names a member, a key or something declared here, and so reads nothing. */
function isName(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.type === 'MemberExpression') return parent['property'] === node && parent['computed'] !== true;
  if (parent.type === 'Property') return parent['key'] === node && parent['shorthand'] !== true;
  return /^(MethodDefinition|PropertyDefinition|FunctionDeclaration|TS.*|Import.*|Export.*)$/.test(parent.type);
}

function visit(node: Node, look: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  look(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, look, node);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}

function lines(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => starts.findLastIndex((start) => start <= offset) + 1;
}
