import { isMessage, type Message } from '@bufbuild/protobuf';
import { type Any, AnySchema, anyPack, anyUnpack } from '@bufbuild/protobuf/wkt';
import type { DataSource } from '../../gen/envoy/config/core/v3/base_pb.js';
import { type ConfigSource, ConfigSourceSchema } from '../../gen/envoy/config/core/v3/config_source_pb.js';
import {
  type Lua,
  type LuaPerRoute,
  LuaPerRouteSchema,
  LuaSchema,
} from '../../gen/envoy/extensions/filters/http/lua/v3/lua_pb.js';
import { registry } from '../../gen/registry.js';
import { TypedStructSchema } from '../../gen/xds/type/v3/typed_struct_pb.js';

/**
 * Stands before every script, so that it has the libraries of Lua that compute, and none that reach the machine the proxy
 * runs on: that may be root there. One line without an end, so that lines keep their numbers in what Envoy says.
 */
export const PRELUDE =
  'do local o=os or {} os={time=o.time,clock=o.clock,date=o.date,difftime=o.difftime} ' +
  'io,package,require,module,debug,ffi,jit,load,loadstring,loadfile,dofile,getfenv,setfenv=nil ' +
  'collectgarbage,newproxy,print=nil string.dump=nil end ';

/** How compiled Lua begins (LuaJIT, lj_bcdump.h); as text behind other text it would be refused as well. */
const BYTECODE = 0x1b;
const NATIVE_CODE = /\.golang\.|\.dynamic_modules\./;
const CODE = /\.lua\.|\.golang\.|\.dynamic_modules\./;

/** Why types cannot be used, when it is for bringing native code. */
export function nativeCodeIn(types: readonly string[]): string | undefined {
  const native = types.filter((type) => NATIVE_CODE.test(type));
  if (native.length === 0) return undefined;
  return `${native.join(', ')} runs native code, which would have the privileges of the proxy`;
}

/**
 * Puts `PRELUDE` before all Lua in the value of a patch, which is changed. The answer is why the patch may not be applied:
 * it brings code that nobody could look at, or that no prelude holds back.
 */
export function tame(value: Message): string | undefined {
  const problems: string[] = [];
  visit(value, problems);
  return problems[0];
}

/** Whether it has changed something. */
function visit(value: unknown, problems: string[]): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  if (isMessage(value, AnySchema)) return visitAny(value, problems);
  if (isMessage(value, LuaSchema)) return tameFilter(value, problems);
  if (isMessage(value, LuaPerRouteSchema)) return tameRoute(value, problems);
  if (isMessage(value, TypedStructSchema) && CODE.test(JSON.stringify([value.typeUrl, value.value]))) {
    problems.push('a TypedStruct brings code: use the type itself');
  }
  if (isMessage(value) && DISCOVERIES.test(value.$typeName)) {
    for (const field of Object.values(value)) {
      if (isMessage(field, ConfigSourceSchema) && isElsewhere(field)) {
        problems.push(`${value.$typeName} takes configuration, which may bring code, from elsewhere than the mesh`);
      }
    }
  }
  let isChanged = false;
  for (const inner of Object.values(value)) isChanged = visit(inner, problems) || isChanged;
  return isChanged;
}

/** What Envoy asks for what can hold filters. */
const DISCOVERIES = /\.(ExtensionConfigSource|Rds|ScopedRds|ScopedRoutes|Vhds)$/;

function isElsewhere({ configSourceSpecifier }: ConfigSource): boolean {
  return !['ads', 'self', undefined].includes(configSourceSpecifier.case);
}

function visitAny(any: Any, problems: string[]): boolean {
  const content = anyUnpack(any, registry);
  const schema = content === undefined ? undefined : registry.getMessage(content.$typeName);
  if (content === undefined || schema === undefined || !visit(content, problems)) return false;
  any.value = anyPack(schema, content).value;
  return true;
}

function tameFilter(lua: Lua, problems: string[]): boolean {
  if (lua.inlineCode !== '') lua.inlineCode = tamed(lua.inlineCode, problems);
  for (const source of [lua.defaultSourceCode, ...Object.values(lua.sourceCodes)]) tameSource(source, problems);
  refuseLibraries(lua, problems);
  return true;
}

function tameRoute(lua: LuaPerRoute, problems: string[]): boolean {
  if (lua.override.case === 'sourceCode') tameSource(lua.override.value, problems);
  refuseLibraries(lua, problems);
  return true;
}

function tameSource(source: DataSource | undefined, problems: string[]): void {
  const specifier = source?.specifier;
  if (source === undefined || specifier?.case === undefined) return;
  if (specifier.case === 'inlineString') {
    // Nothing at all is refused by Envoy, and stays so.
    if (specifier.value !== '') source.specifier = { ...specifier, value: tamed(specifier.value, problems) };
  } else if (specifier.case === 'inlineBytes') {
    const { value } = specifier;
    if (value[0] === BYTECODE) problems.push(IS_BYTECODE);
    if (value.length > 0) source.specifier = { ...specifier, value: Buffer.concat([Buffer.from(PRELUDE), value]) };
  } else {
    const field = specifier.case === 'filename' ? 'filename' : 'environment_variable';
    problems.push(`Lua by ${field} is of the machine of the proxy: use inline_string`);
  }
}

const IS_BYTECODE = 'Lua as bytecode is not checked by Lua itself: use its text';

function tamed(text: string, problems: string[]): string {
  if (text.charCodeAt(0) === BYTECODE) problems.push(IS_BYTECODE);
  return PRELUDE + text;
}

function refuseLibraries(lua: Pick<Lua, 'packagePaths' | 'packageCpaths'>, problems: string[]): void {
  if (lua.packagePaths.length + lua.packageCpaths.length === 0) return;
  problems.push('package_paths and package_cpaths lead to code of the machine of the proxy; there is no require');
}
