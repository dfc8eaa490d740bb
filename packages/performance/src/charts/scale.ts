/** From values to pixels. */
export interface Scale {
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Ticks at multiples of 1, 2 or 5 times a power of ten, about `count` of them, that lie within the span. */
export function linearTicks({ from, to }: Span, count: number): number[] {
  const step = niceStep((to - from) / Math.max(1, count));
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to + step * 1e-9; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

function niceStep(rough: number): number {
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Powers of ten, with their doubles and fives when there are few. */
export function logTicks({ from, to }: Span): number[] {
  const decades = Math.log10(to / from);
  const factors = decades <= 1.2 ? [1, 2, 3, 5, 7] : decades <= 3 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += 1) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(12));
      if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}

/** A span from zero (or from the negative) to a tick above the greatest value, so that nothing touches the rim. */
export function niceSpan(from: number, to: number, count: number): Span {
  const wide = to - from > Math.max(1e-9, 1e-9 * Math.abs(to), 1e-9 * Math.abs(from));
  const [low, high] = wide ? [from, to] : [Math.min(0, from), Math.max(from + 1, to + 1)];
  const step = niceStep((high - low) / Math.max(1, count));
  return { from: Math.floor(low / step + 1e-9) * step, to: Math.ceil(high / step - 1e-9) * step };
}

export function linearScale(span: Span, pixels: Span, count: number): Scale {
  const factor = (pixels.to - pixels.from) / (span.to - span.from);
  return { ticks: linearTicks(span, count), at: (value) => pixels.from + (value - span.from) * factor };
}

/** Values below the span lie on its lower end: zero has no place on a logarithmic axis. */
export function logScale(span: Span, pixels: Span): Scale {
  const factor = (pixels.to - pixels.from) / Math.log10(span.to / span.from);
  return {
    ticks: logTicks(span),
    at: (value) => pixels.from + Math.log10(Math.max(value, span.from) / span.from) * factor,
  };
}
