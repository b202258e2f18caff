/** What slides change in the look of a notebook's page: large, centred, nothing scrolls. */
export const SLIDES_STYLE = `
html, body { height: 100%; }
body { overflow: hidden; }
body.reveal-viewport { background: var(--page); }
.reveal { font-size: 26px; line-height: 1.5; color: var(--ink); }
.reveal .slides { text-align: left; }
.reveal .slides section { padding: 0; }
.fit { width: max-content; max-width: 1200px; margin: 0 auto; transform-origin: top center; }
.fit .text { width: 1080px; }
.fit h1 { font-size: 56px; margin: 0 0 .5em; } .fit h2 { font-size: 42px; margin: 0 0 .5em; } .fit h3 { font-size: 32px; }
.fit pre, .fit code { font-size: 19px; line-height: 1.45; }
.fit .code { margin: 0; width: 1160px; }
.fit .input pre { padding: 14px 18px; overflow: visible; white-space: pre-wrap; overflow-wrap: anywhere; }
.fit .outputs { padding: 10px 0 0; overflow: visible; }
.fit .outputs pre { max-height: none; overflow: visible; }
.fit table { font-size: 21px; }
.fit .output img { border-radius: 4px; }
.fit .outputs p { font-size: 18px; color: var(--soft); margin: 8px 0 0; }
.fit .vega-bindings { font-size: 14px; display: flex; flex-wrap: wrap; gap: 2px 24px; }
.fit .vega-embed { padding-right: 0; }
.fit .vega-embed > details { display: none; }
.fit .under { font-size: 20px; color: var(--soft); }
.fit .under p { margin: 0 0 10px; }
.fit details.fold > summary { font-size: 14px; color: var(--soft); cursor: pointer; }
.fit details.fold:not([open]) { height: 22px; }
.fit .figure + details.fold .input { width: 1160px; }
.fit .text details { margin-top: .6em; } .fit .text summary { cursor: pointer; color: var(--soft); }
.fit .figure { display: inline-block; }
.reveal .slide-number { background: none; color: var(--soft); font-size: 15px; right: auto; left: 12px; bottom: 12px; }
.reveal .controls { color: var(--soft); }
.reveal .progress { color: var(--number); }
`;
