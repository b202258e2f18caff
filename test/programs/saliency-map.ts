import { boxes, camGrid, openNetwork } from "camlab";

using network = await openNetwork();
const { seen, maps } = await boxes.lookWays(network, "models/objects-gap/example.jpg", { ways: ["cam", "saliency"] });
const classes = maps.map(({ title, map }) => ({ ...map, label: title }));
await camGrid(seen, { classes, boxes: false }).save(process.argv[2]);
console.log(seen.top[0].name, maps.map(({ map }) => `${map.width} × ${map.height}`).join(", "));
