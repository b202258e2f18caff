import { drawWorld, extractFeatures, openNetwork } from "camlab";
import { op } from "arquero";

using network = await openNetwork();
const features = await extractFeatures(network, await drawWorld("scenes", { train: 20, test: 10 }));
const table = await features.toArquero();
const counts = table.groupby("label").rollup({ pictures: op.count() }).orderby("label");
console.log(JSON.stringify({ mark: "bar", data: { values: counts.objects() }, encoding: { x: { field: "label" } } }));
