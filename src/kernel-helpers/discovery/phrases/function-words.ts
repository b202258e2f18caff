// English words that hold sentences together. They may stand inside a phrase, but not at its ends.

/** Words that a phrase is the same with and without: "mirror in the lake" is "mirror in lake". */
export const ARTICLES: ReadonlySet<string> = new Set(["a", "an", "the"]);

/** Words that join two phrases into no phrase of its own: "a cat and a sofa" says nothing of a cat *on* a sofa. */
export const CONJUNCTIONS: ReadonlySet<string> = new Set(["and", "or", "but", "nor", "while", "as", "than"]);

/** Prepositions, pronouns, determiners, auxiliaries and the like. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  `about above across after against along among amid amidst around at atop before behind below beneath beside besides
  between beyond by down during for from in inside into near next of off on onto out outside over past through
  throughout to toward towards under underneath up upon with within without via
  i you he she it we they me him her us them my your his its our their mine yours hers ours theirs one ones myself
  himself herself itself themselves who whom whose which what that this these those there here where when why how
  all any both each every either neither few many more most much no none not only other others another own same some
  several such two three
  am is are was were be been being has have had having do does did doing can could may might must shall should will
  would isn't aren't wasn't weren't don't doesn't didn't can't it's there's that's he's she's they're
  if then so because until too very just also again once s t`.split(/\s+/),
);
