export interface DiffLine {
  readonly kind: 'same' | 'changed';
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Two texts side by side, line by line (longest common subsequence); a line that was replaced stands beside what replaces it. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  const common = a.map(() => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = common[i];
      if (row !== undefined) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [gone, come]: [string[], string[]] = [[], []];
  const flush = () => {
    for (let row = 0; row < Math.max(gone.length, come.length); row++) {
      lines.push({ kind: 'changed', before: gone[row], after: come[row] });
    }
    [gone, come] = [[], []];
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      flush();
      lines.push({ kind: 'same', before: left, after: right });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      gone.push(left);
      i += 1;
    } else {
      if (right !== undefined) come.push(right);
      j += 1;
    }
  }
  flush();
  return lines;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
