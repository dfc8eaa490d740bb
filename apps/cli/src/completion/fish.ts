import type { CompletionNode, CompletionOption } from './tree.ts';

/** For `meshwise completion fish | source`. */
export function fishCompletion(nodes: readonly CompletionNode[]): string {
  const paths = nodes.filter((node) => node.path !== '').map((node) => quoted(node.path));
  return `# fish completion of meshwise
function __meshwise_path
    set -l path ''
    for word in (commandline -opc)[2..-1]
        if contains -- "$path $word" ${paths.join(' ')}
            set path "$path $word"
        end
    end
    echo "$path"
end
complete -c meshwise -f
${nodes.flatMap(linesOf).join('\n')}
`;
}

function linesOf(node: CompletionNode): readonly string[] {
  const start = `complete -c meshwise -n 'test "$(__meshwise_path)" = "${node.path}"'`;
  const commands = node.commands.map(({ word, description }) => `${start} -a ${word} -d ${quoted(description)}`);
  const words = typeof node.argument === 'object' ? [`${start} -a ${quoted(node.argument.words.join(' '))}`] : [];
  return [...commands, ...words, ...node.options.map((option) => `${start} ${optionText(option)}`)];
}

function optionText({ flags, description, value }: CompletionOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const argument =
    value === undefined
      ? []
      : value === 'path'
        ? ['-rF']
        : value === 'free'
          ? ['-x']
          : ['-x', `-a ${quoted(value.words.join(' '))}`];
  return [...names, ...argument, `-d ${quoted(description)}`].join(' ');
}

/** fish knows two escapes within single quotes: of the quote and of the backslash. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
