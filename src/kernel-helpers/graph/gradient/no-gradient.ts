import { CamlabError } from "../../support/errors.js";

/** The error for a network that cannot be differentiated, where another engine may still train it. */
export class NoGradientError extends CamlabError {}
