/** The product page: the book, its details, its reviews, and in plain words what could not be had. */
import type { Product } from '../products.ts';
import type { Outcome } from '../upstreams.ts';
import { type Html, html, trusted } from './html.ts';
import { layout } from './layout.ts';
import { reviewList } from './reviews.ts';

export interface ProductPageContent {
  readonly product: Product;
  readonly details: Outcome;
  readonly reviews: Outcome;
  readonly user: string | undefined;
}

const rows: readonly (readonly [key: string, label: string])[] = [
  ['author', 'Author'],
  ['year', 'Year'],
  ['type', 'Type'],
  ['pages', 'Pages'],
  ['publisher', 'Publisher'],
  ['language', 'Language'],
  ['ISBN-10', 'ISBN-10'],
  ['ISBN-13', 'ISBN-13'],
];

export function productPage({ product, details, reviews, user }: ProductPageContent): string {
  const content = html`<section class="hero">
<div class="cover" aria-hidden="true"><span>${product.title}</span><span>Shakespeare</span></div>
<div>
<h1>${product.title}</h1>
<p class="summary">${trusted(product.descriptionHtml)}</p>
</div>
</section>
<div class="columns">
<section class="card" aria-labelledby="details">
<h2 id="details">Book Details</h2>
${details.status === 200 ? detailList(details.body) : failure('details', details.body)}
</section>
<section class="card" aria-labelledby="reviews">
<h2 id="reviews">Book Reviews</h2>
${reviews.status === 200 ? reviewList(reviews.body) : failure('reviews', reviews.body)}
</section>
</div>`;
  return layout(user, content);
}

function detailList(body: unknown): Html {
  const book = (body ?? {}) as Record<string, unknown>;
  const items = rows.map(
    ([key, label]) =>
      html`<div><dt>${label}</dt><dd>${book[key] === undefined ? 'unknown' : String(book[key])}</dd></div>`,
  );
  return html`<dl>${items}</dl>`;
}

function failure(what: 'details' | 'reviews', body: unknown): Html {
  const { error } = (body ?? {}) as { error?: unknown };
  return html`<div class="failure" role="alert">
<h3>Error fetching product ${what}!</h3>
<p>${typeof error === 'string' ? error : ''}</p>
</div>`;
}
