import { openWhisper, sealWhisper, type Halves } from '@/crypto/whispers';
import { whisper } from '@/client/whisper';
import type { MemberId } from '@/domain/room';
import type { SealedRoom } from '@/session/keys/sealed-room';
import type { SessionContext } from '@/session/session-context';
import type { Confidant, Confiding } from './confidants';
import { readWhispered } from './whispered';

/** In a sealed room members are their keys, so two of them need not agree on anything first. */
export function createSealedConfiding({ api, roomId, self }: SessionContext, sealedRoom: SealedRoom): Confiding {
  /** Null: nobody can tell whose keys the seat has, or this browser has lost its own. */
  async function halvesWith(memberId: MemberId): Promise<Halves | null> {
    const { identity, cards, isRemoved } = sealedRoom;
    if (identity === null || isRemoved(memberId)) return null;
    const outcome = await cards.of(memberId);
    if (outcome.kind !== 'opened') return null;
    return { privateKey: identity.agree.privateKey, publicKey: outcome.card.keys.agree };
  }

  const confidantOf = (to: MemberId, halves: Halves): Confidant => ({
    whisper: async (said) => {
      const text = await sealWhisper({ roomId, from: self, to }, halves, said);
      return whisper(api, roomId, to, text);
    },
    forget: () => undefined,
  });

  return {
    // Members keep their keys.
    forget: () => undefined,
    begin: async (to) => {
      const halves = await halvesWith(to);
      return halves === null ? { failure: 'unverified' } : { confidant: confidantOf(to, halves) };
    },
    hear: async ({ from, text }) => {
      const halves = await halvesWith(from);
      const json = halves && (await openWhisper({ roomId, from, to: self }, halves, text));
      const said = json && readWhispered(json);
      return halves && said ? { said, confidant: confidantOf(from, halves) } : null;
    },
  };
}
