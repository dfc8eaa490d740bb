import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { type DataSource, DataSourceSchema } from '../../gen/envoy/config/core/v3/base_pb.js';
import { LuaPerRouteSchema, LuaSchema } from '../../gen/envoy/extensions/filters/http/lua/v3/lua_pb.js';
import { packed } from './packing.ts';

export const DEADLINE_FILTER = 'envoy.filters.http.lua.deadline';

/** Milliseconds since 1970 by which the answer is of no use any more. Programs pass it on as they pass on trace headers. */
export const DEADLINE_HEADER = 'x-meshwise-deadline';

/**
 * What is left of a deadline becomes the timeout of the request (`x-envoy-upstream-rq-timeout-ms`, which the router takes
 * before the route's), unless the route itself is shorter; what is over is answered with 504 and goes nowhere. Each
 * proxy subtracts by its own clock, so between machines the deadline is as exact as their clocks agree.
 */
const SOURCE = `
function envoy_on_request(handle)
  local context = handle:filterContext()
  local now = handle:timestamp()
  local written = handle:headers():get("${DEADLINE_HEADER}")
  local deadline = written and tonumber(written)
  local budget = context and context:get("budget_ms")
  if budget and (deadline == nil or deadline > now + budget) then
    deadline = now + budget
    handle:headers():replace("${DEADLINE_HEADER}", string.format("%.0f", deadline))
  end
  if deadline == nil then return end
  local left = deadline - now
  if left < 1 then
    handle:respond({[":status"] = "504", ["content-type"] = "text/plain"}, "deadline exceeded")
    return
  end
  local timeout = context and context:get("timeout_ms")
  if timeout == nil or timeout == 0 or left < timeout then
    handle:headers():replace("x-envoy-upstream-rq-timeout-ms", string.format("%.0f", left))
  end
end
`;

/** One interpreter for all listeners of a proxy. */
const SHARED_VM = 'meshwise-deadline';
const SCRIPT = 'deadline';

export function deadlineFilter(): Any {
  return packed(LuaSchema, {
    defaultSourceCode: sourceOf(SOURCE),
    // A route with a context of its own names its script, or Envoy runs none.
    sourceCodes: { [SCRIPT]: sourceOf(SOURCE) },
    sharedVmId: SHARED_VM,
  });
}

/** What the script has to know of a route; undefined when there is nothing to say. */
export function routeDeadline(budgetMs: number | undefined, timeoutMs: number | undefined): Any | undefined {
  if (budgetMs === undefined && timeoutMs === undefined) return undefined;
  return packed(LuaPerRouteSchema, {
    override: { case: 'name', value: SCRIPT },
    filterContext: {
      ...(budgetMs === undefined ? {} : { budget_ms: budgetMs }),
      ...(timeoutMs === undefined ? {} : { timeout_ms: timeoutMs }),
    },
  });
}

function sourceOf(text: string): DataSource {
  return create(DataSourceSchema, { specifier: { case: 'inlineString', value: text } });
}
