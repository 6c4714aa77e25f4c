import 'server-only';
import type { Bytes } from './bytes';

const literal = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** The patterns of KEYS and SCAN: `*`, `?`, `[a-c]`, `[^a]` and `\` before a literal character. */
export function globToRegExp(pattern: Bytes): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character === '[') {
      const end = endOfSet(pattern, index);
      source += setSource(pattern.slice(index + 1, end));
      index = end;
    } else {
      const escapes = character === '\\' && index + 1 < pattern.length;
      if (escapes) index += 1;
      source += literal(pattern.charAt(index));
    }
  }
  return new RegExp(`^${source}$`, 's');
}

/** The index of the `]` that closes the set, or the end of a pattern that never closes it. */
function endOfSet(pattern: Bytes, start: number): number {
  for (let index = start + 1; index < pattern.length; index += 1) {
    if (pattern[index] === '\\') index += 1;
    else if (pattern[index] === ']') return index;
  }
  return pattern.length;
}

function setSource(inside: Bytes): string {
  const negated = inside.startsWith('^');
  let source = '';
  for (let index = negated ? 1 : 0; index < inside.length; index += 1) {
    if (inside[index] === '\\' && index + 1 < inside.length) index += 1;
    const from = inside.charAt(index);
    if (inside[index + 1] === '-' && index + 2 < inside.length) {
      const [low = '', high = ''] = [from, inside.charAt(index + 2)].sort();
      source += `${literal(low)}-${literal(high)}`;
      index += 2;
    } else source += literal(from);
  }
  // An empty set matches nothing, and its opposite anything, in both notations.
  return `[${negated ? '^' : ''}${source}]`;
}
