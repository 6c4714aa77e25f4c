import { plainContentSchema, sealedContentSchema } from '@/domain/requests';
import { describe, expect, it } from 'vitest';
import { fitOf } from '@/server/services/content';

const SEALED = `v2.0.${'A'.repeat(16)}.${'B'.repeat(112)}`;
const fit = (sender: string | undefined, text: string) =>
  fitOf({ ...(sender !== undefined && { sender }), text }, sealedContentSchema, plainContentSchema);

function faultPathsOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof Error && 'faults' in error && Array.isArray(error.faults)
      ? [...new Set(error.faults.map(({ path }: { path: string }) => path))]
      : error;
  }
  return null;
}

describe('content', () => {
  it('that either kind of room takes is left for the room to decide', () => {
    expect(fit('a', 'b')).toMatchObject({ sealed: false, plain: true });
    expect(fit(undefined, SEALED)).toMatchObject({ sealed: true, plain: false });
    expect(fit('a', SEALED)).toMatchObject({ sealed: false, plain: true });
  });

  it.each([
    ['', '', ['sender', 'text']],
    ['a', '', ['text']],
    ['a'.repeat(101), 'b', ['sender']],
    ['a'.repeat(101), SEALED, ['sender']],
    [undefined, 'hello', ['sender']],
    [undefined, '', ['sender', 'text']],
  ])('that neither takes is refused for what is wrong with it: %.20j and %.20j', (sender, text, paths) => {
    expect(faultPathsOf(() => fit(sender, text))).toEqual(paths);
  });

  it('is refused by the room with the faults of its own kind', () => {
    const both = fit('a', 'b');
    expect(faultPathsOf(() => both.refuse('sealed'))).toEqual(['sender', 'text']);
    const sealed = fit(undefined, SEALED);
    expect(faultPathsOf(() => sealed.refuse('plain'))).toEqual(['sender']);
  });

  it('about another message is a fault in a sealed room, and in none where the rest is plain', () => {
    const about = { kind: 'reply', id: 'message-1' };
    const fitAbout = (sender: string | undefined, text: string) =>
      fitOf({ ...(sender !== undefined && { sender }), text, about }, sealedContentSchema, plainContentSchema);
    expect(fitAbout('a', 'b')).toMatchObject({ sealed: false, plain: true });
    expect(faultPathsOf(() => fitAbout(undefined, SEALED))).toEqual(['about']);
    expect(faultPathsOf(() => fitAbout('a', ''))).toEqual(['text']);
  });
});
