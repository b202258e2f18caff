/** The look of a notebook's page: readable on a phone, in the dark and on paper. */
export const NOTEBOOK_STYLE = `
:root { color-scheme: light dark; --page: #fff; --ink: #1f2933; --soft: #616e7c; --code: #f5f6f8; --edge: #e1e5ea;
  --red: #b42318; --error: #fdf1f0; --keyword: #7b2d90; --string: #216e39; --number: #0b5cad; --call: #8a4b08; }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --ink: #e4e7eb; --soft: #9aa5b1; --code: #1c2229;
  --edge: #2b323a; --red: #ff8a80; --error: #2a1a1a; --keyword: #d29be5; --string: #8fd19e; --number: #86bdf5;
  --call: #e9b872; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 17px/1.6 system-ui, "Segoe UI", Roboto,
  "DejaVu Sans", sans-serif; }
main { max-width: 1640px; margin: 0 auto; padding: 32px 48px 96px; }
.text { max-width: 940px; }
@media (max-width: 900px) { main { padding: 24px 16px 64px; } }
h1, h2, h3 { line-height: 1.25; margin: 1.6em 0 .5em; }
h1 { font-size: 1.9rem; margin-top: .4em; } h2 { font-size: 1.4rem; } h3 { font-size: 1.15rem; }
a { color: var(--number); }
pre, code { font: 13.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.text code { background: var(--code); border-radius: 4px; padding: .1em .3em; }
.text pre { background: var(--code); border-radius: 8px; padding: 12px 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
.text pre code { padding: 0; background: none; }
blockquote { margin: 1em 0; padding: .1em 1em; border-left: 3px solid var(--edge); color: var(--soft); }
.code { margin: 18px 0; }
.input { position: relative; max-width: 1180px; background: var(--code); border: 1px solid var(--edge); border-radius: 8px; }
.input pre { margin: 0; padding: 10px 14px; overflow-x: auto; }
.count { position: absolute; right: 100%; top: 10px; padding-right: 10px; color: var(--soft); font: 12px/1.7
  ui-monospace, monospace; white-space: nowrap; }
@media (max-width: 900px) { .count { display: none; } }
.outputs { padding: 4px 0 0 14px; overflow-x: auto; }
.outputs pre { margin: 6px 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 480px; overflow-y: auto; }
.output { margin: 8px 0; }
.output img { max-width: 100%; height: auto; background: #fff; border-radius: 4px; }
figure { margin: 0; }
figure.camlab-widget, .output > figure { background: #fff; color: #1f2933; color-scheme: light; border-radius: 6px; }
figure.camlab-widget:is([data-shown="dark"], [data-theme="dark"]) { background: #171c22; color: #e8ecf1; color-scheme: dark; }
.output svg.marks, figure img { max-width: max(100%, 640px) !important; height: auto; }
.stderr { color: var(--soft); border-left: 3px solid var(--edge); padding-left: 10px; }
.left-out { color: var(--soft); font-size: 14px; font-style: italic; margin: 4px 0; }
.temml-error { color: var(--red); white-space: pre-wrap; font: 13.5px/1.5 ui-monospace, monospace; }
.error { background: var(--error); border-left: 3px solid var(--red); border-radius: 4px; padding: 10px 12px; }
.red { color: var(--red); font-weight: 600; }
.keyword { color: var(--keyword); } .string { color: var(--string); } .number { color: var(--number); }
.call { color: var(--call); } .comment { color: var(--soft); font-style: italic; }
table { border-collapse: collapse; font-size: 14px; }
th, td { border-bottom: 1px solid var(--edge); padding: 4px 12px; text-align: left; }
thead th { border-bottom-width: 2px; }
math[display="block"] { margin: 1em 0; overflow: auto hidden; }
@media print { main { max-width: none; padding: 0; } .outputs { overflow: visible; } .outputs pre { max-height: none; }
  .output svg.marks, figure img { max-width: 100% !important; } .input pre { white-space: pre-wrap; }
  .input { break-inside: avoid; } }
`;
