export { CamlabError } from "./kernel-helpers/support/errors.js";
