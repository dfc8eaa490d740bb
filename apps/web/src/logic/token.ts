export interface TokenInAddress {
  readonly token: string;
  /** The fragment without the token: what the address shall show from now on. */
  readonly rest: string;
}

/** The one-time token in `#token=…`. Kept in the fragment because fragments reach neither servers nor their logs. */
export function tokenIn(hash: string): TokenInAddress | undefined {
  const parts = hash.replace(/^#/, '').split('&');
  const own = parts.find((part) => part.startsWith('token='));
  const token = own?.slice('token='.length) ?? '';
  if (token === '') return undefined;
  const rest = parts.filter((part) => part !== own && part !== '').join('&');
  return { token: decode(token), rest: rest === '' ? '' : `#${rest}` };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
