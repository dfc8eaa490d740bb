/** What the sample is, for whoever opens it at `/`. */
import { html } from './html.ts';
import { layout } from './layout.ts';

export function homePage(user: string | undefined): string {
  const content = html`<section class="card intro">
<h1>A bookstore in four services</h1>
<p>The product page asks <b>details</b> for the facts of a book and <b>reviews</b> for opinions; two of the three versions of
reviews ask <b>ratings</b> for stars. What you see changes with the version a request reaches.</p>
<p><a class="button" href="productpage">Open the product page</a></p>
<table>
<caption>Versions of reviews</caption>
<thead><tr><th scope="col">Version</th><th scope="col">Stars</th><th scope="col">Waits for ratings</th></tr></thead>
<tbody>
<tr><th scope="row">v1</th><td>none</td><td>does not ask</td></tr>
<tr><th scope="row">v2</th><td>black</td><td>10 s</td></tr>
<tr><th scope="row">v3</th><td>red</td><td>2.5 s</td></tr>
</tbody>
</table>
</section>`;
  return layout(user, content);
}
