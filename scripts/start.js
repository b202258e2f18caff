// `npm start`: builds camlab, looks at the embedded picture through the embedded network, and writes a page with what
// it saw. Needs nothing but what `npm ci` installed. The last line of output is the page's path.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(fileURLToPath(import.meta.url), "../..");
execFileSync(process.execPath, [join(root, "scripts/build.js")], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });

const { camGrid, htmlPage, look, openNetwork } = await import("../dist/esm/index.js");
const network = await openNetwork();
const photo = join(root, "models/teaching/beach.png");
const seen = await look(network, photo);

console.log(`${network.card.title} on ${network.device}\n${network.head.summary}\n`);
for (const { name, probability } of seen.top) console.log(`  ${name.padEnd(16)} ${probability.toFixed(3)}`);

const page = join("out", "index.html");
mkdirSync(join(root, "out"), { recursive: true });
const sections = [
  { text: "A drawn picture, and where the embedded network found its evidence for each class." },
  camGrid(seen),
  { text: "Move the sliders: how strongly the heat covers the photo, and how much of the evidence a box must hold." },
];
writeFileSync(join(root, page), await htmlPage({ title: "Where does it look?", sections }));
network.dispose();
console.log(`\nThe page with its class activation maps:\n${page}`);
