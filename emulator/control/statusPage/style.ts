/** Light and dark, wide and narrow. Texts keep a contrast of 4.5 to what is behind them; IDs never break. */
export const style = `
:root {
  color-scheme: light dark;
  --desk: light-dark(#f4f5f7, #121417); --paper: light-dark(#ffffff, #1a1d22); --ink: light-dark(#1b1f24, #e7e9ec);
  --faint: light-dark(#59616b, #9ba4af); --line: light-dark(#e2e5e9, #2e333a); --accent: light-dark(#0b62d6, #78b0ff);
  --good: light-dark(#17703a, #6fd08c); --bad: light-dark(#b3261e, #ff9c94); --soon: light-dark(#8a5300, #f0b455);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
body { background: var(--desk); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 2rem 1.5rem 3rem; }
h1, h2, h3, h4, p, ol, ul, dl, dd { margin: 0; padding: 0; }
ol, ul { list-style: none; }
h1 { font-size: 1.6rem; letter-spacing: -.01em; line-height: 1.2; }
h2 { border-bottom: 1px solid var(--line); font-size: 1.2rem; margin: 2.5rem 0 .9rem; padding-bottom: .35rem; }
h3 { color: var(--faint); font-size: .9rem; font-weight: 400; margin: 1.2rem 0 .5rem; }
h3 b { color: var(--ink); } h4 { font-size: 1rem; font-weight: 400; }
p, small, dt, footer { color: var(--faint); } small { font-size: .85rem; font-weight: 400; }
code { font-family: var(--mono); font-size: .85em; white-space: nowrap; } .id { color: var(--faint); }
time { cursor: help; }
a { color: var(--accent); }
.good { color: var(--good); } .bad { color: var(--bad); } .soon { color: var(--soon); }

header { display: grid; gap: .3rem 1.5rem; grid-template-columns: 1fr auto; }
header nav { display: flex; gap: 1.2rem; }
.state { text-align: right; } .state b { font-weight: 400; }
.state b::before { background: var(--faint); border-radius: 50%; content: ""; display: inline-block; height: .55em; margin-right: .45em; width: .55em; }
.live .state b { color: var(--good); } .live .state b::before { background: var(--good); }
.live .state b::after { content: "live"; } body:not(.live) .state b::after { content: "reload to look again"; }
.lost .state b { color: var(--bad); } .lost .state b::before { background: var(--bad); }
.lost .state b::after { content: "does not answer: npm start"; }

.addresses dl, article { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
.addresses { margin-top: 1.4rem; } .addresses h2 { display: none; }
.addresses dl { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2.5rem; padding: .5rem 1.1rem; }
.addresses div { align-items: baseline; display: grid; gap: .8rem; grid-template-columns: 8.5rem 1fr auto; padding: .22rem 0; }
.addresses dd { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
button { background: none; border: 1px solid var(--line); border-radius: 5px; color: var(--accent); cursor: pointer; font: inherit; font-size: .8rem; min-width: 4.2rem; padding: .05rem .5rem; }
body:not(.live) button { display: none; }

article { margin-bottom: .7rem; padding: .8rem 1.1rem; }
h4 { align-items: baseline; display: flex; flex-wrap: wrap; gap: 0 .7rem; } h4 b { overflow-wrap: anywhere; } h4 small { margin-left: auto; }
article dl > div { border-top: 1px solid var(--line); display: grid; gap: 1rem; grid-template-columns: 5rem 1fr; margin-top: .55rem; padding-top: .55rem; }
article dl p { align-items: baseline; display: flex; flex-wrap: wrap; gap: 0 1rem; } article dl p > code { color: var(--ink); }
article ul { display: flex; flex-wrap: wrap; gap: .1rem 1.4rem; }
.key li { color: var(--faint); }

#calls ol { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: .2rem 1.1rem; }
#calls li { align-items: baseline; border-top: 1px solid var(--line); display: grid; gap: .9rem; grid-template-columns: 1fr 11.5rem 13rem 4rem 8.5rem; padding: .4rem 0; }
#calls li:first-child { border-top: 0; }
.answer { color: var(--faint); font-size: .85rem; } .answer.good { color: var(--good); } .answer.bad { color: var(--bad); font-weight: 600; }
.what { display: flex; gap: .5rem; min-width: 0; } .what small { flex: none; }
.what > :first-child, .who { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who, .took, .when { color: var(--faint); font-size: .9rem; } .took, .when { font-variant-numeric: tabular-nums; text-align: right; }
details { margin-top: .7rem; } summary { color: var(--accent); cursor: pointer; padding: .2rem 0 .5rem; }
footer { font-size: .9rem; margin-top: 2.5rem; }

@media (max-width: 52rem) {
  body { padding: 1.2rem 1rem 2rem; }
  header { grid-template-columns: 1fr; } .state { text-align: left; }
  .addresses dl { grid-template-columns: 1fr; padding: .4rem .8rem; } .addresses div { gap: 0 .6rem; grid-template-columns: 1fr auto; padding: .35rem 0; } .addresses dd { grid-row: 2; } button { grid-row: 1 / 3; }
  article { padding: .7rem .8rem; } h4 small { margin-left: 0; } article dl > div { gap: 0; grid-template-columns: 1fr; }
  dt { font-size: .85rem; }
  #calls ol { padding: .1rem .8rem; }
  #calls li { gap: .05rem .8rem; grid-template: "what what what" "answer who when" / auto 1fr auto; padding: .45rem 0; }
  .what { grid-area: what; } .took { display: none; } .answer { grid-area: answer; } .who { grid-area: who; } .when { grid-area: when; } .who { font-size: .85rem; } .took, .when { font-size: .85rem; }
}
`;
