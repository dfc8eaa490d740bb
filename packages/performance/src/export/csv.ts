export type CsvCell = string | number | null;

/** What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection"). */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

/**
 * Lines of RFC 4180: CRLF at the end of each, cells in quotes where they need it. Unknown is an empty cell. A text that a
 * spreadsheet would run as a formula gets an apostrophe in front, which spreadsheets do not show: names and errors come from
 * whoever answers. One that has apostrophes there already gets one more, so that taking one away always gives the text back.
 * Numbers are never changed, so a negative one stays a number.
 */
export function csv(headings: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  const lines = [line(headings)];
  for (const row of rows) lines.push(line(row));
  return lines.join('');
}

function line(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
