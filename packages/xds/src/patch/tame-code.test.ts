import { anyUnpack } from '@bufbuild/protobuf/wkt';
import type { PatchPlan } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import type { Route } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { LuaPerRouteSchema, LuaSchema } from '../../gen/envoy/extensions/filters/http/lua/v3/lua_pb.js';
import type { HttpFilter } from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { parsedValue } from './parse-patch.ts';
import { PRELUDE } from './tame-code.ts';

const TYPES = 'type.googleapis.com/envoy.extensions.filters.http';
const LUA = `${TYPES}.lua.v3.Lua`;
const TEXT = 'function envoy_on_response(h) end';

function parsed(target: PatchPlan['target'], value: object) {
  const origin = { resource: { group: '', kind: 'EnvoyFilter', namespace: 'a', name: 'b' } };
  return parsedValue({ target, context: 'ANY', operation: 'ADD', match: {}, value, origin });
}
const ofFilter = (config: object) => parsed('HTTP_FILTER', { name: 'x', typed_config: config });

function luaOf(config: object) {
  const { configType } = ofFilter({ '@type': LUA, ...config }).message as HttpFilter;
  return configType.case === 'typedConfig' ? anyUnpack(configType.value, LuaSchema) : undefined;
}

describe('Lua that patches bring', () => {
  it('has the prelude before it wherever it stands in a filter, as text or as bytes', () => {
    const lua = luaOf({
      default_source_code: { inline_string: TEXT },
      source_codes: { a: { inline_string: TEXT }, b: { inline_bytes: Buffer.from(TEXT).toString('base64') } },
    });
    expect(lua?.defaultSourceCode?.specifier.value).toBe(PRELUDE + TEXT);
    expect(lua?.sourceCodes['a']?.specifier.value).toBe(PRELUDE + TEXT);
    expect(Buffer.from(lua?.sourceCodes['b']?.specifier.value ?? '').toString()).toBe(PRELUDE + TEXT);
    expect(luaOf({ inline_code: TEXT })?.inlineCode).toBe(PRELUDE + TEXT);
  });

  it('has it in routes, inside other filters and in what stands in for discovered configuration', () => {
    const perRoute = { '@type': `${LUA}PerRoute`, source_code: { inline_string: TEXT } };
    const match = { prefix: '/' };
    const route = parsed('HTTP_ROUTE', { match, typed_per_filter_config: { lua: perRoute } }).message as Route;
    const any = route.typedPerFilterConfig['lua'];
    const code = any === undefined ? undefined : anyUnpack(any, LuaPerRouteSchema);
    expect(code?.override).toMatchObject({ case: 'sourceCode', value: { specifier: { value: PRELUDE + TEXT } } });
    const lua = { '@type': LUA, default_source_code: { inline_string: TEXT } };
    const nested = {
      '@type': `${TYPES}.composite.v3.ExecuteFilterAction`,
      typed_config: { name: 'l', typed_config: lua },
    };
    const discovery = { config_source: { ads: {} }, default_config: lua, type_urls: [LUA] };
    for (const { message } of [ofFilter(nested), parsed('HTTP_FILTER', { name: 'x', config_discovery: discovery })]) {
      const { configType } = message as HttpFilter;
      const inner = configType.case === 'typedConfig' ? configType.value : configType.value?.defaultConfig;
      expect(Buffer.from(inner?.value ?? []).toString('latin1')).toContain(PRELUDE + TEXT);
    }
  });

  it.each([
    ['filename', { '@type': LUA, default_source_code: { filename: '/tmp/x.lua' } }],
    ['environment_variable', { '@type': LUA, source_codes: { a: { environment_variable: 'X' } } }],
    ['bytecode', { '@type': LUA, default_source_code: { inline_bytes: Buffer.from('\x1bLJ').toString('base64') } }],
    ['bytecode', { '@type': LUA, inline_code: '\x1bLJ' }],
    ['package_cpaths', { '@type': LUA, package_cpaths: ['/tmp/?.so'] }],
    ['TypedStruct', { '@type': 'type.googleapis.com/xds.type.v3.TypedStruct', type_url: LUA, value: {} }],
    [
      'TypedStruct',
      { '@type': 'type.googleapis.com/xds.type.v3.TypedStruct', type_url: 'x', value: { filter: { '@type': LUA } } },
    ],
    ['native code', { '@type': `${TYPES}.golang.v3alpha.Config` }],
    ['native code', { '@type': `${TYPES}.dynamic_modules.v3.DynamicModuleFilter` }],
  ])('is refused by %s in %j', (word, config) => {
    expect(ofFilter(config)).toEqual({ problem: expect.stringContaining(word) });
  });

  it('does not come round the mesh: filters and routes from files and other servers are refused', () => {
    const config_source = { path_config_source: { path: '/tmp/x.yaml' } };
    const discovery = { config_source, type_urls: [LUA] };
    const problem = expect.stringContaining('elsewhere');
    expect(parsed('HTTP_FILTER', { name: 'x', config_discovery: discovery })).toEqual({ problem });
    const manager = `type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`;
    const typed_config = { '@type': manager, rds: { config_source, route_config_name: 'x' } };
    expect(parsed('NETWORK_FILTER', { name: 'x', typed_config })).toEqual({ problem });
  });
});
