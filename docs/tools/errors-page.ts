import { CATALOGUE, type CatalogueEntry } from '@meshwise/core';

/** What the first digit of a code says. */
const RANGES: Readonly<Record<string, string>> = {
  0: 'Internal',
  1: 'Input',
  2: 'Resources and store',
  3: 'Platform, capture, workloads and proxies',
  4: 'Identity',
  5: 'Control plane',
  6: 'Daemon and API',
  7: 'Command line',
  8: 'Measuring, and the store of results',
};

const HEAD = `# Errors

Generated from \`packages/core/src/catalogue.ts\` by \`npm run docs\`; a test compares them.

Every error has a code. Its message says what was found and what was expected, with file, line and column where there are any,
and its advice says what to do. Over HTTP and with \`-o json\` an error is \`{code, message, advice, details}\`.

Exit codes of the command line: **0** done; **1** the answer is no; **2** wrong usage or bad input; **3** it could not be done.
`;

const COLUMNS = ['code', 'what', 'what to do', 'exit', 'HTTP'];

/** docs/errors.md as the catalogue says it. */
export function errorsPage(catalogue: Readonly<Record<string, CatalogueEntry>> = CATALOGUE): string {
  const sections = Object.entries(RANGES).map(([digit, title]) => {
    const entries = Object.entries(catalogue).filter(([code]) => code.startsWith(`MW${digit}`));
    const rows = entries.map(([code, entry]) => cells(code, entry));
    return rows.length === 0 ? '' : `\n## ${title}\n\n${table([COLUMNS, ...rows])}`;
  });
  return HEAD + sections.join('');
}

function cells(code: string, entry: CatalogueEntry): readonly string[] {
  const anchor = `<a id="${code.toLowerCase()}"></a>${code}`;
  return [anchor, entry.title, entry.advice, String(entry.exitCode), String(entry.httpStatus)].map((text) =>
    text.replaceAll('|', '\\|'),
  );
}

/** Padded, as the formatter of the repository writes tables. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((_name, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |\n`;
  const [head = [], ...body] = rows;
  return [head, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('');
}
