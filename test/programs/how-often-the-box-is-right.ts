import { boxes, drawWorld, openNetwork } from "camlab";

using network = await openNetwork();
const report = await boxes.evaluateLocalization(network, await drawWorld("objects", { train: 0, test: 24 }));
console.log(JSON.stringify({ pictures: report.pictures, ...report.knownClass }));
