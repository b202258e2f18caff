import { cam, camGrid, loadLinearSvm, look, openNetwork } from "camlab";

const [, , probeFile, photo, out] = process.argv;
using network = await openNetwork();
const probe = await loadLinearSvm(probeFile);
const seen = await look(network, photo);
const label = String(probe.predict(seen).label);
await camGrid(seen, { classes: [cam(seen, probe.weightsOf(label), { label })] }).save(out);
console.log(label);
