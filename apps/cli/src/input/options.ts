import { type Command, InvalidArgumentError, Option } from 'commander';
import { FORMATS } from '../output/formats.ts';

/** Adds `-o`, by default with the four formats that every command has. */
export function withOutput(command: Command, formats: readonly string[] = FORMATS, initial = 'table'): Command {
  return command.addOption(new Option('-o, --output <format>', 'form of the result').choices(formats).default(initial));
}

export function withNamespace(command: Command): Command {
  return command.option('-n, --namespace <namespace>', 'namespace', 'default');
}

/** For proxies, which people look for in the whole mesh: gateways live in a namespace of their own. */
export function withAnyNamespace(command: Command): Command {
  return command.option('-n, --namespace <namespace>', 'only in this namespace (default: all)');
}

/** The namespace as part of a request, when one was named. */
export function namespaceOf(options: { readonly namespace?: string }): { namespace?: string } {
  return options.namespace === undefined ? {} : { namespace: options.namespace };
}

export function withFiles(command: Command): Command {
  return command.option(
    '-f, --filename <path>',
    "file, directory, or '-' for standard input; may be repeated",
    (path: string, before: string[] | undefined) => [...(before ?? []), path],
  );
}

export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
    const range = maximum === Number.MAX_SAFE_INTEGER ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
    throw new InvalidArgumentError(`Expected a whole number, ${range}.`);
  };
}

export const port = wholeNumber(1, 65_535);
