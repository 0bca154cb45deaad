/** The style sheet of the page: light and dark, wide and narrow, on a screen and on paper. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --ink: #1d2126; --muted: #586069; --line: #e2e4e7; --soft: #f2f3f4;
  --accent: #1f5fbf; --good: #1a6b3c; --good-soft: #e3f3e8; --bad: #a52a22; --bad-soft: #fbe7e5;
  --warn: #7a5000; --warn-soft: #fbf0d9; --band: #9db9e0; --added: #e6f5ea; --removed: #fcebe9;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1b1f23; --ink: #e4e7ea; --muted: #a3abb3; --line: #30363c; --soft: #23282d;
    --accent: #8ab8ff; --good: #7fd19b; --good-soft: #16301f; --bad: #ff9c93; --bad-soft: #3a1c1a;
    --warn: #e8c06a; --warn-soft: #332811; --band: #3f6396; --added: #14301d; --removed: #3a1d1b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
.wrap { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header.wrap { padding-top: 2.5rem; }
main { padding-bottom: 2rem; }
footer { border-top: 1px solid var(--line); padding-top: 1rem; padding-bottom: 3rem; color: var(--muted); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; letter-spacing: -.01em; font-weight: 650; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.75rem 0 .75rem; font-weight: 650; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; font-weight: 650; }
.detail h3 { font-size: .875rem; margin: 1.25rem 0 .4rem; color: var(--muted); }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--accent); text-underline-offset: .15em; }
code, pre, .mono { font-family: var(--mono); font-size: .8125rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100vw; top: .5rem; background: var(--card); padding: .5rem .75rem; }
.skip:focus { left: .5rem; }
.muted { color: var(--muted); }
.small { font-size: .875rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem; margin: 1rem 0; }
.lead { font-size: 1.125rem; margin: 0 0 .75rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 1rem 1.5rem; margin: 1.25rem 0 0; }
.facts dt { color: var(--muted); font-size: .8125rem; }
.facts dd { margin: 0; font-size: 1.1875rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 1.5rem; align-items: start; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { text-align: left; color: var(--muted); font-size: .875rem; padding-bottom: .5rem; }
th, td { text-align: left; padding: .45rem .75rem .45rem 0; vertical-align: top; font-weight: 400; }
thead th { color: var(--muted); font-size: .8125rem; font-weight: 500; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody + tbody > tr:first-child > *, .plain tbody tr + tr > * { border-top: 1px solid var(--line); }
td.number, th.number { text-align: right; padding-right: 0; padding-left: .75rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.tries { table-layout: fixed; }
.tries .outcome { width: 9.5rem; } .tries .time { width: 6.5rem; } .tries .lines { width: 6.5rem; } .tries .epoch { width: 4rem; padding-right: .9rem; }
.tries > tbody > tr > th { font-weight: 600; padding-bottom: .1rem; }
.tries > tbody > .more > td { padding-top: 0; padding-right: 0; padding-bottom: .6rem; }
th button {
  all: unset; cursor: pointer; color: inherit; display: inline-block; padding: .1rem 0; border-bottom: 1px dotted var(--muted);
}
th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th button::after { content: ""; display: inline-block; width: 1.1em; text-align: center; }
th[aria-sort="ascending"] button::after { content: "↑"; }
th[aria-sort="descending"] button::after { content: "↓"; }
th[aria-sort="ascending"] button, th[aria-sort="descending"] button { color: var(--ink); border-bottom-style: solid; }
.pill { display: inline-block; padding: .05rem .55rem; border-radius: 999px; font-size: .8125rem; font-weight: 500; white-space: nowrap; }
.good { color: var(--good); background: var(--good-soft); }
.bad { color: var(--bad); background: var(--bad-soft); }
.warn { color: var(--warn); background: var(--warn-soft); }
.marks { display: flex; flex-wrap: wrap; gap: .25rem; }
.marks a { text-decoration: none; min-width: 1.6rem; text-align: center; }
form.filter { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin: 0 0 1rem; }
form.filter[hidden] { display: none; }
form.filter label { display: block; font-size: .8125rem; color: var(--muted); }
form.filter input, form.filter select {
  font: inherit; color: inherit; background: var(--card); border: 1px solid var(--muted); border-radius: 6px; padding: 0 .6rem; height: 2.4rem; max-width: 100%;
}
form.filter input { width: 18rem; }
form.filter output { color: var(--muted); font-size: .875rem; line-height: 2.4rem; }
summary { cursor: pointer; color: var(--muted); font-size: .875rem; width: fit-content; max-width: 100%; }
summary:hover { color: var(--ink); }
.detail { border-left: 2px solid var(--line); padding: .1rem 0 .5rem 1rem; margin: .6rem 0 .4rem; }
.detail h3:first-child { margin-top: .25rem; }
pre { margin: .25rem 0; padding: .75rem; background: var(--soft); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; max-height: 32rem; overflow-y: auto; }
.diff span { display: block; }
.diff .add { background: var(--added); color: var(--good); }
.diff .remove { background: var(--removed); color: var(--bad); }
.diff .place { color: var(--accent); }
.diff .file { font-weight: 600; }
.steps, .findings { margin: .25rem 0; padding-left: 1.5rem; font-size: .9375rem; }
.steps li + li { margin-top: .25rem; }
.kind { color: var(--muted); font-size: .8125rem; }
figure { margin: 1.25rem 0; }
figcaption { font-size: .875rem; color: var(--muted); margin-bottom: .4rem; }
svg { display: block; width: 100%; overflow: visible; }
svg.bar { height: 2.25rem; } svg.pairs { height: 10rem; } svg.split { height: 1.25rem; }
.axis { display: flex; justify-content: space-between; font-size: .75rem; color: var(--muted); font-variant-numeric: tabular-nums; }
svg .track { fill: var(--soft); } svg .band { fill: var(--band); } svg .mean { stroke: var(--ink); stroke-width: 3; }
svg .zero { stroke: var(--muted); stroke-width: 1.5; } svg .up { fill: var(--good); } svg .down { fill: var(--bad); } svg .same { fill: var(--line); } svg .up, svg .down { opacity: .85; }
svg * { vector-effect: non-scaling-stroke; }
.lists { columns: 18rem; padding-left: 1.25rem; margin: .25rem 0; font-size: .9375rem; }
@media (max-width: 40rem) {
  body { font-size: 15px; }
  header.wrap { padding-top: 1.5rem; }
  .wrap { padding-left: 1rem; padding-right: 1rem; }
  .card { padding: 1rem; }
  .tries .lines { width: 0; padding: 0; white-space: nowrap; visibility: hidden; overflow: hidden; }
  .tries .outcome { width: 4.6rem; } .tries .time { width: 3.9rem; } .tries .epoch { width: 3rem; }
  th[aria-sort="none"] button::after { display: none; }
  .tries thead th:not(.lines) { white-space: normal; }
  .tries .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  form.filter > div, form.filter input { width: 100%; }
  .detail { padding-left: .7rem; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media print { .skip, form.filter { display: none; } body { background: none; } pre { max-height: none; } }
`;
