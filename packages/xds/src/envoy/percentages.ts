import { create } from '@bufbuild/protobuf';
import {
  FractionalPercent_DenominatorType as Denominator,
  type FractionalPercent,
  FractionalPercentSchema,
} from '../../gen/envoy/type/v3/percent_pb.js';

/** A share of requests, exact to a millionth. */
export function percentage(percent: number): FractionalPercent {
  const bounded = Math.min(100, Math.max(0, percent));
  return create(FractionalPercentSchema, {
    numerator: Math.round(bounded * 10_000),
    denominator: Denominator.MILLION,
  });
}
