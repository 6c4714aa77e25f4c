/** A word of a stream, as far as it tells who is here. */
interface HereWord {
  event?: unknown;
  data?: unknown;
}

/** Who is here after these words, as a page folds them: lists replace, differences change what is there. */
export function foldHere(words: readonly HereWord[]): string[] {
  const here = new Set<string>();
  for (const { event, data } of words) {
    if (event === 'presence.changed') {
      here.clear();
      for (const id of (data as { here: string[] }).here) here.add(id);
    }
    if (event !== 'presence.moved') continue;
    const { came = [], went = [] } = data as { came?: string[]; went?: string[] };
    for (const id of came) here.add(id);
    for (const id of went) here.delete(id);
  }
  return [...here].sort();
}
