import { serveTasks } from "../../support/workers.js";
import { openSolver } from "./solve.js";

serveTasks(openSolver);
