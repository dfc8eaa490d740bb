/**
 * A drawing without a renderer: `renderSvg` makes text of it, the page elements. Everything has its place in pixels of `width` by
 * `height`, and every text is the one to be shown, cut to the room it has. Colours are names of tones.
 */
export interface ChartScene {
  /** Of the kind of chart, fit for an id: `latency-histogram`. */
  readonly name: string;
  readonly title: string;
  /** What is to be seen, in a sentence, for those who do not see it. */
  readonly summary: string;
  readonly width: number;
  readonly height: number;
  readonly axes: readonly Axis[];
  readonly series: readonly Series[];
  readonly texts: readonly SceneText[];
  /** The same figures to read. */
  readonly table: ChartTable;
}

export interface Axis {
  readonly side: 'bottom' | 'left';
  readonly title: string;
  /** Lines across the drawing, one at each tick. */
  readonly grid: string;
  readonly line: string;
}

export interface SceneText {
  readonly kind: 'heading' | 'tick' | 'axis' | 'legend' | 'label' | 'value' | 'note';
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Series are told apart by dash and marker as well as by tone. */
export const TONES = ['one', 'two', 'three', 'four', 'five'] as const;
export type Tone = (typeof TONES)[number] | 'bad' | 'quiet';

export interface Series {
  /** Whole, where a legend may show it cut. */
  readonly label: string;
  readonly tone: Tone;
  /** 0 is a line without gaps. */
  readonly dash: number;
  readonly marks: readonly Mark[];
}

/** `d` is path data. A `fill` is faint, a `bar` and a `dot` are solid, a `line` has the series' dash, a `whisker` never. */
export interface Mark {
  readonly shape: 'line' | 'fill' | 'bar' | 'dot' | 'whisker';
  readonly d: string;
}

export interface ChartTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** For a cursor: where in the drawing each row is, in pixels from the left; absent when rows are no places on the x-axis. */
  readonly rowX?: readonly number[];
}

/** How large to draw; a height is chosen unless given. With a heading when the drawing stands alone. */
export interface ChartSize {
  readonly width: number;
  readonly height?: number;
  readonly heading?: boolean;
}
