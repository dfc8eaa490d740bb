import type { SecondView } from '@meshwise/load';
import type { ChartScene, ChartSize } from './scene.ts';
import { type TimeSeries, timeSeries } from './time-series.ts';
import { figures, latencyText, numberText, rateText } from './units.ts';

const mean = (seconds: readonly SecondView[], value: (second: SecondView) => number) =>
  seconds.reduce((sum, second) => sum + value(second), 0) / seconds.length;

/** The second with the highest value; null when there is none at all. */
function worst(seconds: readonly SecondView[], value: (second: SecondView) => number | null) {
  let found: { readonly second: number; readonly value: number } | null = null;
  for (const view of seconds) {
    const here = value(view);
    if (here !== null && (found === null || here > found.value)) found = { second: view.second, value: here };
  }
  return found;
}

const RATE: TimeSeries<SecondView> = {
  name: 'rate',
  title: 'Scheduled and achieved',
  unit: 'requests per second',
  text: numberText,
  lines: [
    { label: 'achieved', tone: 'one', dash: 0, value: ({ completed }) => completed },
    { label: 'scheduled', tone: 'quiet', dash: 1, value: ({ scheduled }) => scheduled },
  ],
  summary: (seconds) =>
    `${rateText(mean(seconds, ({ completed }) => completed))} achieved of ${rateText(mean(seconds, ({ scheduled }) => scheduled))} scheduled, on average.`,
};

const LATENCY: TimeSeries<SecondView> = {
  name: 'latency',
  title: 'Response time',
  unit: 'response time',
  text: latencyText,
  logarithmic: true,
  lines: [
    { label: 'p99', tone: 'two', dash: 1, value: ({ responseP99Ms }) => responseP99Ms },
    { label: 'p50', tone: 'one', dash: 0, value: ({ responseP50Ms }) => responseP50Ms },
  ],
  summary: (seconds) => {
    const found = worst(seconds, ({ responseP99Ms }) => responseP99Ms);
    return found === null
      ? 'No good answers.'
      : `The 99th percentile was worst in second ${found.second}: ${latencyText(found.value)}.`;
  },
};

const ERRORS: TimeSeries<SecondView> = {
  name: 'errors',
  title: 'Failed and dropped',
  unit: 'requests per second',
  text: numberText,
  lines: [
    { label: 'failed', tone: 'bad', dash: 0, value: ({ failed }) => failed },
    { label: 'dropped', tone: 'five', dash: 2, value: ({ dropped }) => dropped },
  ],
  summary: (seconds) => {
    const [failed, dropped] = [mean(seconds, (one) => one.failed), mean(seconds, (one) => one.dropped)];
    if (failed + dropped === 0) return 'Nothing failed and nothing was dropped.';
    return `${numberText(failed * seconds.length)} requests failed, ${numberText(dropped * seconds.length)} were dropped.`;
  },
};

const LAG: TimeSeries<SecondView> = {
  name: 'lag',
  title: 'Schedule lag of the generator',
  unit: 'lag, p99',
  text: latencyText,
  logarithmic: true,
  lines: [{ label: 'lag p99', tone: 'four', dash: 0, value: ({ lagP99Ms }) => lagP99Ms }],
  summary: (seconds) => {
    const found = worst(seconds, ({ lagP99Ms }) => lagP99Ms);
    return found === null
      ? 'Nothing was sent.'
      : `Requests were sent up to ${latencyText(found.value)} late (p99), in second ${found.second}.`;
  },
};

const GENERATOR: TimeSeries<SecondView> = {
  name: 'generator',
  title: 'CPU of the generator',
  unit: 'cores',
  text: (value) => (value === null ? '–' : figures(value)),
  lines: [{ label: 'cores', tone: 'three', dash: 0, value: ({ generatorCores }) => generatorCores }],
  summary: (seconds) => {
    const found = worst(seconds, ({ generatorCores }) => generatorCores);
    return `The generator used ${figures(mean(seconds, ({ generatorCores }) => generatorCores))} cores on average, ${figures(found?.value ?? 0)} at most.`;
  },
};

export const RUN_SERIES = { rate: RATE, latency: LATENCY, errors: ERRORS, lag: LAG, generator: GENERATOR } as const;
export type RunSeries = keyof typeof RUN_SERIES;

/** One of the lines that every run has. */
export function runSeries(which: RunSeries, seconds: readonly SecondView[], size: ChartSize): ChartScene {
  return timeSeries(seconds, RUN_SERIES[which], size);
}
