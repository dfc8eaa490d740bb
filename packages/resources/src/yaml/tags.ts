import { YamlFailure } from './compose.ts';
import { type PlainValue, resolvePlain } from './scalars.ts';

const prefix = 'tag:yaml.org,2002:';

/** A scalar with an explicit tag (`!!str 5`, `!!int "5"`), as go-yaml v2 resolves it. Tags of other makers are ignored. */
export function resolveTagged(tag: string, text: string, offset: number): PlainValue {
  if (tag === '!' || !tag.startsWith(prefix)) return text;
  const name = tag.slice(prefix.length);
  if (name === 'str') return text;
  if (name === 'binary') return decodeBase64(text, offset);
  const value = resolvePlain(text);
  const fits =
    (name === 'int' && typeof value === 'number' && Number.isInteger(value)) ||
    (name === 'float' && typeof value === 'number') ||
    (name === 'bool' && typeof value === 'boolean') ||
    (name === 'null' && value === null);
  if (fits) return value;
  if (name === 'int' || name === 'float' || name === 'bool' || name === 'null') {
    throw new YamlFailure('MW1001', `${JSON.stringify(text)} is no !!${name}`, offset);
  }
  return text;
}

function decodeBase64(text: string, offset: number): string {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/\s/g, '')), (char) => char.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    throw new YamlFailure('MW1001', 'The value tagged !!binary is not base64', offset);
  }
}
