/** The frame of every page: title, sign-in, content. Works without scripts. */
import { type Html, html } from './html.ts';

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E" +
  "%3Crect x='5' y='3' width='22' height='26' rx='3' fill='%230f6b62'/%3E%3Cpath d='M10 3v26' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E";

export function layout(user: string | undefined, content: Html): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Simple Bookstore App</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="static/bookinfo.css">
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="bar">
<a class="brand" href="productpage">Simple Bookstore</a>
${user === undefined ? signInForm() : signedIn(user)}
</header>
<main id="content">
${content}
</main>
</body>
</html>
`;
  return page.html;
}

function signInForm(): Html {
  return html`<details class="signin">
<summary>Sign in</summary>
<form method="post" action="login">
<label>User name <input name="username" autocomplete="username" required maxlength="100"></label>
<label>Password <input name="passwd" type="password" autocomplete="current-password"></label>
<p class="hint">Any password will do. Try the user <b>jason</b>.</p>
<button type="submit">Sign in</button>
</form>
</details>`;
}

function signedIn(user: string): Html {
  return html`<p class="signed-in"><span>Signed in as <b>${user}</b></span> <a href="logout">Sign out</a></p>`;
}
