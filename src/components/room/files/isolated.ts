/** A name inside a sentence, which it may not turn around. */
export const isolated = (name: string): string => `\u2068${name}\u2069`;
