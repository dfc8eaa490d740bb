import type { Argument, Command, Option } from 'commander';
import { kindNames } from '../commands/kinds.ts';

export interface CompletionWord {
  readonly word: string;
  readonly description: string;
}

/** What can follow: words of a fixed list, a path, or something only the user knows. */
export type CompletionValue = { readonly words: readonly string[] } | 'path' | 'free';

export interface CompletionOption {
  /** `-f` and `--filename`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined when the option takes no value. */
  readonly value: CompletionValue | undefined;
}

/** What a shell offers at one command. */
export interface CompletionNode {
  /** Words from the root, each with a space before it: '' for the root, ` proxy status`. */
  readonly path: string;
  readonly commands: readonly CompletionWord[];
  readonly argument: CompletionValue | undefined;
  readonly options: readonly CompletionOption[];
}

/** The whole commander tree as data, so that the three shells are printed from one thing. */
export function completionTree(program: Command): readonly CompletionNode[] {
  const own = program.options.map(optionOf);
  const visit = (command: Command, path: string): CompletionNode[] => [
    {
      path,
      commands: command.commands.map((child) => ({ word: child.name(), description: child.description() })),
      argument: argumentOf(command.registeredArguments[0], command.name()),
      options: [...(command === program ? [] : command.options.map(optionOf)), ...own, help],
    },
    ...command.commands.flatMap((child) => visit(child, `${path} ${child.name()}`)),
  ];
  return visit(program, '');
}

const help: CompletionOption = { flags: ['-h', '--help'], description: 'show help', value: undefined };

function optionOf(option: Option): CompletionOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const takesValue = option.required || option.optional;
  return { flags, description: option.description, value: takesValue ? valuesOf(option) : undefined };
}

function valuesOf(option: Option): CompletionValue {
  if (option.argChoices !== undefined) return { words: option.argChoices };
  return option.flags.includes('<path>') ? 'path' : 'free';
}

function argumentOf(argument: Argument | undefined, command: string): CompletionValue | undefined {
  if (argument === undefined) return undefined;
  if (argument.argChoices !== undefined) return { words: argument.argChoices };
  if (argument.name() !== 'kind') return 'free';
  // Nobody stores what every workload may do.
  return { words: command === 'get' ? [...kindNames, 'access'] : kindNames };
}

/** What may follow at a node without an option before it: commands, words of the argument, options. */
export function wordsOf(node: CompletionNode): readonly string[] {
  const argument = node.argument !== undefined && typeof node.argument === 'object' ? node.argument.words : [];
  return [...node.commands.map(({ word }) => word), ...argument, ...node.options.flatMap(({ flags }) => flags)];
}
