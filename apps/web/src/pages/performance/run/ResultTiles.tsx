import type { LoadSummary } from '@meshwise/load';
import { latencyText, numberText, percentText } from '@meshwise/performance';
import { achievedPercent, successPercent } from '../../../logic/performance/figures.ts';
import { Tiles } from '../Panel.tsx';

export function ResultTiles(props: { readonly summary: LoadSummary }) {
  const { summary } = props;
  const { response, requestedRps, achievedRps } = summary;
  const achieved = achievedPercent(achievedRps, requestedRps);
  const success = successPercent(summary);
  return (
    <Tiles
      label="Result"
      tiles={[
        {
          name: 'Achieved',
          rank: 'main',
          value: `${numberText(achievedRps)} rps`,
          note:
            achieved === null ? 'as fast as answered' : `${percentText(achieved)} of ${numberText(requestedRps)} asked`,
          alarming: achieved !== null && achieved < 99,
        },
        {
          name: 'Success',
          rank: 'main',
          value: percentText(success),
          note: `${numberText(summary.completed)} good, ${numberText(summary.failed)} failed, ${numberText(summary.dropped)} dropped`,
          alarming: summary.failed + summary.dropped > 0,
        },
        { name: 'p50', value: latencyText(response.p50Ms), note: 'response' },
        { name: 'p90', value: latencyText(response.p90Ms), note: 'response' },
        { name: 'p99', value: latencyText(response.p99Ms), note: 'response' },
        { name: 'p99.9', value: latencyText(response.p999Ms), note: 'response' },
        { name: 'max', value: latencyText(response.maxMs), note: 'response' },
      ]}
    />
  );
}
