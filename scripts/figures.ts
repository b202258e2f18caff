// Draws the pictures of the documents from the project's own material.
//
//   npm run figures
import { mkdir } from "node:fs/promises";
import { camGrid, look, openNetwork } from "../src/index.js";

const network = await openNetwork();
await mkdir("docs/images", { recursive: true });

const beach = await look(network, "models/teaching/beach.png");
await camGrid(beach, { classes: 5, columns: 3 }).save("docs/images/cam-grid.png");
network.dispose();
