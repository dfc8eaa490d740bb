/** The look of the page, served as `/static/bookinfo.css`. Light and dark follow the system; one column below 48 rem. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --paper: #f7f4ee; --card: #ffffff; --ink: #1f2430; --soft: #5a6172; --line: #e2dccf;
  --accent: #0f6b62; --on-accent: #ffffff; --alarm: #9b1c1c; --alarm-card: #fdf0ee; --star-card: #f3eee3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171c; --card: #1d2128; --ink: #e9e6df; --soft: #a9adb8; --line: #323844;
    --accent: #6fd0c2; --on-accent: #0c1f1d; --alarm: #ffb4a8; --alarm-card: #33201f; --star-card: #f3eee3;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere;
}
h1, h2, .brand, .cover, blockquote { font-family: Georgia, "Iowan Old Style", "Times New Roman", serif; }
h1 { margin: 0 0 .75rem; font-size: clamp(1.8rem, 5vw, 2.75rem); line-height: 1.15; }
h2 { margin: 0 0 1rem; font-size: 1.35rem; }
h3 { margin: 0 0 .25rem; font-size: 1rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .25rem .75rem; z-index: 2; }

.bar {
  display: flex; align-items: center; justify-content: space-between; gap: 1rem; flex-wrap: wrap;
  padding: .75rem clamp(1rem, 4vw, 3rem); background: var(--card); border-bottom: 1px solid var(--line);
}
.brand { font-size: 1.2rem; font-weight: 700; color: var(--ink); text-decoration: none; }
.signed-in { margin: 0; display: flex; gap: 1rem; flex-wrap: wrap; }
.signin { position: relative; }
.signin summary, .button, button {
  cursor: pointer; list-style: none; display: inline-block; padding: .45rem 1.1rem; border: 0; border-radius: 999px;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-decoration: none;
}
.signin summary::-webkit-details-marker { display: none; }
.signin form {
  position: absolute; right: 0; top: calc(100% + .5rem); z-index: 1; width: min(20rem, calc(100vw - 2rem));
  display: grid; gap: .75rem; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  box-shadow: 0 12px 32px rgb(0 0 0 / .18);
}
.signin label { display: grid; gap: .25rem; font-weight: 600; }
.signin input {
  width: 100%; padding: .5rem .7rem; font: inherit; color: var(--ink); background: var(--paper);
  border: 1px solid var(--soft); border-radius: 8px;
}
.hint { margin: 0; color: var(--soft); font-size: .9rem; }

main { max-width: 72rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 3rem) clamp(1rem, 4vw, 3rem); }
.hero { display: grid; gap: 1.5rem; align-items: center; margin-bottom: 2rem; }
.cover {
  display: flex; flex-direction: column; justify-content: space-between; width: 9rem; aspect-ratio: 2 / 3; padding: 1rem;
  border-radius: 4px 10px 10px 4px; border-left: 8px solid rgb(0 0 0 / .25); color: #fdf8ec; line-height: 1.2;
  background: linear-gradient(150deg, #0f6b62, #123c4a 70%); box-shadow: 0 10px 24px rgb(0 0 0 / .25);
}
.cover span:first-child { font-size: 1.15rem; font-weight: 700; }
.cover span:last-child { font-size: .85rem; }
.summary { margin: 0; max-width: 60ch; color: var(--soft); font-size: 1.05rem; }
.summary b { color: var(--ink); }
.columns { display: grid; gap: 1.5rem; }
.card { padding: clamp(1.1rem, 3vw, 1.75rem); background: var(--card); border: 1px solid var(--line); border-radius: 16px; }

dl { margin: 0; }
dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .5rem 0; border-top: 1px solid var(--line); }
dl div:first-child { border-top: 0; }
dt { color: var(--soft); }
dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
.review { margin: 0; padding: 1rem 0; border-top: 1px solid var(--line); }
.review:first-of-type { border-top: 0; padding-top: 0; }
blockquote { margin: 0 0 .35rem; font-size: 1.1rem; }
figcaption { color: var(--soft); }
figcaption::before { content: "— "; }
.rating { display: flex; align-items: center; gap: .6rem; margin: .5rem 0 0; }
.stars {
  padding: .05rem .6rem; border-radius: 999px; background: var(--star-card); color: #111111;
  font-size: 1.2rem; letter-spacing: .08em; white-space: nowrap;
}
.stars[data-color="red"] { color: #c01528; }
.color, .served { color: var(--soft); font-size: .9rem; }
.served { margin: 0; padding-top: 1rem; border-top: 1px solid var(--line); }
.no-rating, .failure { padding: .6rem .9rem; border-radius: 10px; background: var(--alarm-card); color: var(--alarm); }
.no-rating { margin: .5rem 0 0; }
.failure p { margin: 0; }
.intro table { width: 100%; margin-top: 1.5rem; border-collapse: collapse; text-align: left; }
.intro caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
.intro th, .intro td { padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); }

@media (min-width: 48rem) {
  .hero { grid-template-columns: auto 1fr; gap: 2.5rem; }
  .columns { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); align-items: start; }
}
`;
