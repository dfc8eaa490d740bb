import { type Answer, errorCode, send } from './http.ts';
import type { TestMesh } from './mesh.ts';

/** What the product page shows. */
export interface Page {
  readonly status: number;
  readonly details: boolean;
  /** Colour of the stars; `none` for reviews v1, `failed` when there are no reviews. */
  readonly stars: 'none' | 'black' | 'red' | 'failed';
  readonly ratingsUnavailable: boolean;
}

export async function readPage(mesh: TestMesh, user?: string): Promise<Page> {
  return pageOf(await send(`${mesh.gateway}/productpage`, { headers: signedIn(user) }));
}

/** `ok`, or in a word what is wrong with the page. For load. */
export async function pageOutcome(mesh: TestMesh): Promise<string> {
  try {
    const page = pageOf(await send(`${mesh.gateway}/productpage`, { timeoutMs: 15_000 }));
    if (page.status !== 200) return `status ${page.status}`;
    if (!page.details) return 'no details';
    if (page.stars === 'failed') return 'no reviews';
    return page.ratingsUnavailable ? 'no ratings' : 'ok';
  } catch (error) {
    return errorCode(error);
  }
}

export function signedIn(user: string | undefined): Record<string, string> {
  return user === undefined ? {} : { cookie: `session=${Buffer.from(user).toString('base64url')}` };
}

function pageOf({ status, body }: Answer): Page {
  const color = /data-color="(\w+)"/.exec(body)?.[1];
  const served = body.includes('Reviews served by');
  return {
    status,
    details: body.includes('ISBN-10') && !body.includes('Error fetching product details'),
    stars: !served ? 'failed' : color === 'black' || color === 'red' ? color : 'none',
    ratingsUnavailable: body.includes('Ratings service is currently unavailable'),
  };
}

/** Counts of each kind of stars in `count` pages, a few at a time. */
export async function countStars(mesh: TestMesh, count: number, user?: string): Promise<Record<Page['stars'], number>> {
  const counts = { none: 0, black: 0, red: 0, failed: 0 };
  for (let done = 0; done < count; done += 4) {
    const pages = await Promise.all(Array.from({ length: Math.min(4, count - done) }, () => readPage(mesh, user)));
    for (const page of pages) counts[page.stars] += 1;
  }
  return counts;
}
