/** A tenth of a pixel is finer than anybody sees. */
const px = (value: number) => String(Math.round(value * 10) / 10);

export type Point = readonly [x: number, y: number];

/** A line through points; null is a gap. A point between two gaps is drawn as a dash, or nobody would see it. */
export function linePath(points: readonly (Point | null)[]): string {
  let d = '';
  let pen = false;
  for (const [index, point] of points.entries()) {
    if (point === null) pen = false;
    else {
      d += `${pen ? 'L' : 'M'}${px(point[0])} ${px(point[1])}`;
      if (!pen && (points[index + 1] ?? null) === null) d += 'h1';
      pen = true;
    }
  }
  return d;
}

/** What is between a line and the base, gaps left open. */
export function areaPath(points: readonly (Point | null)[], base: number): string {
  let d = '';
  for (const [index, point] of points.entries()) {
    if (point === null) continue;
    const begins = (points[index - 1] ?? null) === null;
    const ends = (points[index + 1] ?? null) === null;
    d += begins ? `M${px(point[0])} ${px(base)}L${px(point[0])} ${px(point[1])}` : `L${px(point[0])} ${px(point[1])}`;
    if (ends) d += `L${px(point[0])} ${px(base)}Z`;
  }
  return d;
}

export function barPath(x: number, y: number, width: number, height: number): string {
  return height > 0 && width > 0 ? `M${px(x)} ${px(y)}h${px(width)}v${px(height)}h${px(-width)}Z` : '';
}

export function segmentPath(x1: number, y1: number, x2: number, y2: number): string {
  return `M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}`;
}

/** Circle, square, triangle, diamond and hourglass, so that series are told apart without their colours. */
export function markerPath([x, y]: Point, kind: number, size = 3.2): string {
  const at = (points: readonly Point[]) =>
    `M${points.map(([dx, dy]) => `${px(x + dx * size)} ${px(y + dy * size)}`).join('L')}Z`;
  switch (kind % 5) {
    case 0:
      return `M${px(x - size)} ${px(y)}a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 ${-2 * size} 0Z`;
    case 1:
      return at([
        [-0.9, -0.9],
        [0.9, -0.9],
        [0.9, 0.9],
        [-0.9, 0.9],
      ]);
    case 2:
      return at([
        [0, -1.2],
        [1.1, 0.9],
        [-1.1, 0.9],
      ]);
    case 3:
      return at([
        [0, -1.35],
        [1.35, 0],
        [0, 1.35],
        [-1.35, 0],
      ]);
    default:
      return at([
        [-1, -1],
        [1, -1],
        [-1, 1],
        [1, 1],
      ]);
  }
}
