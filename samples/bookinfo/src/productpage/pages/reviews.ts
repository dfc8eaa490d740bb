/** Reviews with their stars. Stars are characters with a text alternative, and their colour is also written as a word. */
import { type Html, html } from './html.ts';

interface Review {
  readonly reviewer?: string;
  readonly text?: string;
  readonly rating?: { readonly stars?: number; readonly color?: string; readonly error?: string };
}

interface Reviews {
  readonly podname?: string;
  readonly clustername?: string;
  readonly reviews?: readonly Review[];
}

const mostStars = 5;

export function reviewList(body: unknown): Html {
  const { reviews, podname, clustername } = (body ?? {}) as Reviews;
  const cluster = clustername && clustername !== 'null' ? html` on cluster <code>${clustername}</code>` : undefined;
  return html`${(reviews ?? []).map(reviewItem)}
<p class="served">Reviews served by <code>${String(podname ?? 'unknown')}</code>${cluster}</p>`;
}

function reviewItem(review: Review): Html {
  return html`<figure class="review">
<blockquote>${String(review.text ?? '')}</blockquote>
<figcaption>${String(review.reviewer ?? 'unknown')}</figcaption>
${review.rating && ratingOf(review.rating)}
</figure>`;
}

function ratingOf(rating: NonNullable<Review['rating']>): Html {
  if (rating.stars === undefined) return html`<p class="no-rating">${String(rating.error ?? 'no rating')}</p>`;
  const color = String(rating.color ?? 'black');
  const full = Math.min(mostStars, Math.max(0, Math.round(Number(rating.stars)) || 0));
  return html`<p class="rating"><span class="stars" data-color="${color}" role="img"
 aria-label="${rating.stars} out of ${mostStars} stars, ${color}">${'★'.repeat(full)}${'☆'.repeat(mostStars - full)}</span>
<span class="color" aria-hidden="true">${color} stars</span></p>`;
}
