import type { EventData } from '@/domain/events';
import type { Answer, Failure } from '@/domain/failure';
import type { MemberId } from '@/domain/room';
import type { Whispered } from './whispered';

/** One other member, with a key that only the two pages have, as far as the kind of room allows. */
export interface Confidant {
  readonly whisper: (said: Whispered) => Promise<Answer<true>>;
  /** Nothing more is said: a key that was made for this is forgotten. */
  readonly forget: () => void;
}

/** Something that one member whispered, and the way to answer. */
export interface Confided {
  readonly said: Whispered;
  readonly confidant: Confidant;
}

/** Why there is no key with a member; `unverified`: nobody can tell whose keys the seat has. */
export type NoConfidant = { readonly failure: Failure | 'unverified' };

/** How whispers are kept from everybody else, in a sealed room or in a plain one. */
export interface Confiding {
  /**
   * Finds a key with a member. In a plain room the other page has to answer first; once the signal is aborted nobody waits for that,
   * and null is returned.
   */
  readonly begin: (to: MemberId, given: AbortSignal) => Promise<{ readonly confidant: Confidant } | NoConfidant | null>;
  /** Forgets all keys that were made for this. */
  readonly forget: () => void;
  /** Opens what a seated member has whispered; null where nothing is to be done about it. */
  readonly hear: (whisper: EventData<'member.whispered'>) => Promise<Confided | null>;
}
