import { type CompletionNode, wordsOf } from './tree.ts';

/** For `source <(meshwise completion bash)`; needs nothing of the bash-completion package. */
export function bashCompletion(nodes: readonly CompletionNode[]): string {
  const paths = nodes.filter((node) => node.path !== '').map((node) => `      '${node.path}') path='${node.path}' ;;`);
  const values = nodes.flatMap((node) =>
    node.options.flatMap(({ flags, value }) => {
      if (value === undefined) return [];
      const patterns = flags.map((flag) => `'${node.path}:${flag}'`).join(' | ');
      return [`    ${patterns}) ${reply(value)}; return ;;`];
    }),
  );
  const words = nodes.map((node) => `    '${node.path}') words='${wordsOf(node).join(' ')}' ;;`);
  return `# bash completion of meshwise
_meshwise() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path='' words='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
${paths.join('\n')}
    esac
  done
  case "$path:$prev" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _meshwise meshwise
`;
}

function reply(value: { readonly words: readonly string[] } | 'path' | 'free'): string {
  // Of a path, the shell itself adds the slash of a directory.
  if (value === 'path') return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))';
  if (value === 'free') return 'COMPREPLY=()';
  return `COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$cur"))`;
}
