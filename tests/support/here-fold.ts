/** A message of a stream, as far as it concerns presence. */
interface HereWord {
  event?: unknown;
  data?: unknown;
}

/**
 * Who is here after these messages, folded as a page does it: lists replace, and differences change the previous list.
 */
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
