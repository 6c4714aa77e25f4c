import {
  makeExchangeKey,
  openWhisper,
  readExchangeKey,
  sealWhisper,
  type Exchange,
  type Halves,
} from '@/crypto/whispers';
import { whisper } from '@/client/whisper';
import { TALK_OFFER_MS, TALK_OFFERS_MAX, TALK_OFFERS_PER_MEMBER } from '@/domain/limits';
import type { Rate } from '@/domain/limits';
import type { MemberId } from '@/domain/room';
import type { SessionContext } from '@/session/session-context';
import type { Confidant, Confiding } from './confidants';
import { createPatience } from './patience';
import { repeat } from './repeating';
import type { After } from './timers';
import { readWhispered } from './whispered';

/** Whoever does not get the key asks every ten seconds, while an offer stands. */
const ANSWERS_AGAIN: Rate = { max: 20, windowMs: TALK_OFFER_MS };

/** A key that was agreed on with one member, for one offer. */
interface Agreed {
  readonly with: MemberId;
  readonly exchange: Exchange;
  readonly halves: Halves;
}

/**
 * In a plain room nobody has keys, so the two pages make a pair each, for one offer, and give each other the public halves. A mere
 * listener learns nothing by that; a server that passes the whispers on may put other keys in their place.
 */
export function createPlainConfiding(context: SessionContext, after: After): Confiding {
  const { api, roomId, self } = context;
  const asking = createAsking(context, after);
  const answering = createAnswering(context, after);

  const confidantOf = (agreed: Agreed): Confidant => ({
    whisper: async (said) => {
      const { with: to, exchange, halves } = agreed;
      const sealed = await sealWhisper({ roomId, from: self, to }, halves, said, exchange);
      return whisper(api, roomId, to, `sealed.${exchange.asked}.${sealed}`);
    },
    forget: () => {
      asking.forget(agreed);
      answering.forget(agreed);
    },
  });

  return {
    forget: () => {
      asking.clear();
      answering.clear();
    },
    begin: async (to, given) => {
      const agreed = await asking.ask(to, given);
      return agreed === null || 'failure' in agreed ? agreed : { confidant: confidantOf(agreed) };
    },
    hear: async ({ from, text }) => {
      const [kind, asked = '', ...rest] = text.split('.');
      if (kind === 'ask' && rest.length === 0) await answering.answer(from, asked);
      if (kind === 'key' && rest.length === 1) await asking.take(from, asked, rest.join());
      const agreed = kind === 'sealed' ? (asking.agreed(from, asked) ?? answering.agreed(from, asked)) : null;
      if (agreed === null) return null;
      const json = await openWhisper({ roomId, from, to: self }, agreed.halves, rest.join('.'), agreed.exchange);
      const said = json === null ? null : readWhispered(json);
      return said && { said, confidant: confidantOf(agreed) };
    },
  };
}

/** The keys that this page has asked for. */
function createAsking({ api, roomId }: SessionContext, after: After) {
  /** By this page’s key, as it was spelled. */
  const waiting = new Map<string, { to: MemberId; privateKey: CryptoKey; resolve: (agreed: Agreed) => void }>();
  const agreedOn = new Map<string, Agreed>();

  return {
    clear: () => agreedOn.clear(),
    agreed: (member: MemberId, asked: string): Agreed | null => {
      const agreed = agreedOn.get(asked);
      return agreed?.with === member ? agreed : null;
    },
    forget: ({ exchange }: Agreed) => agreedOn.delete(exchange.asked),
    ask: async (to: MemberId, given: AbortSignal) => {
      const { privateKey, spelled } = await makeExchangeKey();
      const answered = new Promise<Agreed | null>((resolve) => {
        waiting.set(spelled, { to, privateKey, resolve });
        given.addEventListener('abort', () => resolve(null));
        if (given.aborted) resolve(null);
      });
      const call = () => whisper(api, roomId, to, `ask.${spelled}`);
      const answer = await call();
      if (answer.ok) repeat(after, () => waiting.has(spelled), call);
      const agreed = answer.ok ? await answered : null;
      waiting.delete(spelled);
      if (given.aborted || !answer.ok) agreedOn.delete(spelled);
      if (!answer.ok) return { failure: answer.failure };
      return given.aborted ? null : agreed;
    },
    /** The first answer counts: each tab of the other browser may give one. */
    take: async (from: MemberId, asked: string, answered: string): Promise<void> => {
      const one = waiting.get(asked);
      const publicKey = one?.to === from ? await readExchangeKey(answered) : null;
      if (one === undefined || publicKey === null || !waiting.delete(asked)) return;
      const agreed = { with: from, exchange: { asked, answered }, halves: { privateKey: one.privateKey, publicKey } };
      agreedOn.set(asked, agreed);
      one.resolve(agreed);
    },
  };
}

/** The keys that others have asked this page for: one for each of them at a time. */
function createAnswering({ api, roomId, over }: SessionContext, after: After) {
  const agreedOn = new Map<MemberId, Agreed>();
  const isPatient = createPatience(TALK_OFFERS_PER_MEMBER);
  const isPatientAgain = createPatience(ANSWERS_AGAIN);

  const give = ({ with: to, exchange: { asked, answered } }: Agreed) =>
    whisper(api, roomId, to, `key.${asked}.${answered}`);

  function forget(agreed: Agreed) {
    if (agreedOn.get(agreed.with) === agreed) agreedOn.delete(agreed.with);
  }

  return {
    agreed: (member: MemberId, asked: string): Agreed | null => {
      const agreed = agreedOn.get(member);
      return agreed?.exchange.asked === asked ? agreed : null;
    },
    forget,
    clear: () => agreedOn.clear(),
    answer: async (from: MemberId, asked: string): Promise<void> => {
      const before = agreedOn.get(from);
      // The key that was given did not get there, or not yet.
      if (before?.exchange.asked === asked && isPatientAgain(from)) await give(before);
      const isFull = before === undefined && agreedOn.size >= TALK_OFFERS_MAX;
      if (before?.exchange.asked === asked || isFull || !isPatient(from)) return;
      const publicKey = await readExchangeKey(asked);
      if (publicKey === null || over.aborted) return;
      const { privateKey, spelled: answered } = await makeExchangeKey();
      const agreed = { with: from, exchange: { asked, answered }, halves: { privateKey, publicKey } };
      agreedOn.set(from, agreed);
      // The offer has lapsed by then.
      after(TALK_OFFER_MS, () => forget(agreed));
      await give(agreed);
    },
  };
}
