import { cam, camGrid, isSkipped, learnTasks, lookAtAll, openNetwork, readFolderPerClass, splitPerClass } from "camlab";

using network = await openNetwork();
const set = splitPerClass(await readFolderPerClass(process.argv[2]), { train: 6, seed: 1 });
const [task] = (await learnTasks(network, [{ name: "mine", ...set }])).results;
console.log(task.findings.accuracy.value, task.findings.confusion.counts);
const seen = [];
const held = set.pictures.filter(({ split }) => split === "test");
for await (const each of lookAtAll(network, held)) if (!isSkipped(each)) seen.push(each);
await camGrid(seen, {
  classes: (each) => [cam(each, task.model.weightsOf(task.model.predict(each).label), { label: each.picture.label })],
  caption: ({ picture }) => picture.label,
}).save(process.argv[3]);
