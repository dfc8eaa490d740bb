/** Asks ratings for the stars of a book. Whatever goes wrong is "no stars": the caller shows it, and the page still comes. */
import { getUpstream } from '../http/upstream.ts';

export interface Stars {
  readonly Reviewer1?: number;
  readonly Reviewer2?: number;
}

export interface StarsRequest {
  readonly ratingsUrl: string;
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

export async function fetchStars(id: number, request: StarsRequest): Promise<Stars> {
  try {
    const reply = await getUpstream(`${request.ratingsUrl}/${id}`, request);
    return reply.status === 200 ? parseStars(reply.body) : {};
  } catch {
    return {};
  }
}

function parseStars(body: string): Stars {
  const answer = JSON.parse(body) as { ratings?: Record<string, unknown> } | null;
  const stars: { Reviewer1?: number; Reviewer2?: number } = {};
  for (const reviewer of ['Reviewer1', 'Reviewer2'] as const) {
    const value = answer?.ratings?.[reviewer];
    if (typeof value === 'number') stars[reviewer] = value;
  }
  return stars;
}
