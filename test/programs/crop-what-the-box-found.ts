import { boxOf, cam, crop, images, look, openNetwork } from "camlab";
import { writeFile } from "node:fs/promises";

using network = await openNetwork();
const seen = await look(network, "models/objects-gap/example.jpg");
const { box } = boxOf(cam(seen, seen.top[0].name));
if (!box) throw new Error("nothing speaks for it");
await writeFile(process.argv[2], await images.encodeJpeg(await crop(seen.picture, box)));
console.log(seen.top[0].name, box);
