import { type CompletionNode, type CompletionValue, wordsOf } from './tree.ts';

/** For `source <(meshwise completion zsh)`, or as a file `_meshwise` in a directory of $fpath. */
export function zshCompletion(nodes: readonly CompletionNode[]): string {
  const paths = nodes.filter((node) => node.path !== '').map((node) => `      '${node.path}') at='${node.path}' ;;`);
  const values = nodes.flatMap((node) =>
    node.options.flatMap(({ flags, value }) => {
      if (value === undefined) return [];
      const patterns = flags.map((flag) => `'${node.path}:${flag}'`).join(' | ');
      return [`    ${patterns}) ${reply(value)}; return ;;`];
    }),
  );
  const words = nodes.map((node) => `    '${node.path}') ${offer(node)} ;;`);
  return `#compdef meshwise
_meshwise() {
  local at='' i
  local -a items
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
${paths.join('\n')}
    esac
  done
  case "$at:\${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  case "$at" in
${words.join('\n')}
  esac
}
if [[ "$funcstack[1]" == _meshwise ]]; then _meshwise "$@"; else compdef _meshwise meshwise; fi
`;
}

function reply(value: CompletionValue): string {
  if (value === 'path') return '_files';
  if (value === 'free') return '_message value';
  return `compadd -- ${value.words.join(' ')}`;
}

/** Commands with their descriptions; the rest as words. */
function offer(node: CompletionNode): string {
  const described = node.commands.map(({ word, description }) => quoted(`${word}:${description}`));
  const commands = described.length === 0 ? '' : `items=(${described.join(' ')}); _describe command items; `;
  const others = wordsOf(node).slice(node.commands.length);
  return `${commands}compadd -- ${others.join(' ')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
