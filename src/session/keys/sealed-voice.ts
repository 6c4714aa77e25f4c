import { sealCard } from '@/crypto/card';
import { openSigned, sealSigned, type NotOpened, type Opened } from '@/crypto/sealed-string';
import { parseContent } from '@/domain/content';
import type { Answer } from '@/domain/failure';
import { SEALED_CONTENT_BYTES_MAX } from '@/domain/limits';
import { messageIdSchema, type MessageId, type MessageWithCursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { sealedParts } from '@/domain/sealed';
import * as z from 'zod/mini';
import type { Said } from '@/session/messages/talk/heard';
import { saidOf } from '@/session/speech';
import type { CardOutcome } from './cards';
import type { SealedRoom } from './sealed-room';
import type { Voice } from './voice';

/** Where drafts are sealed: no message has this id, and what stands there is no content. */
const DRAFT = messageIdSchema.parse('draft-of-this-tab');
const draftSchema = z.object({ draft: z.string() });

const encoder = new TextEncoder();

/** Contents are signed and sealed, names stand in cards. */
export function sealedVoice(sealedRoom: SealedRoom): Voice {
  const { roomId, self, ring, cards, epochs, identity, posting } = sealedRoom;
  const placeOf = (memberId: MemberId, messageId: MessageId) =>
    ({ field: 'content', roomId, memberId, messageId }) as const;

  function own() {
    if (identity === null) throw new TypeError('the keys of this seat are lost');
    return identity;
  }

  const seal = (messageId: MessageId, value: object) =>
    sealSigned(ring.get().keys, placeOf(self, messageId), own().sign.privateKey, value);

  const isInvented = (epoch: number) => epochs.standing.get().state === 'current' && epoch > ring.get().keys.epoch;

  /** A card may be of a key that is still being looked for. */
  async function sought(find: () => Promise<CardOutcome>): Promise<CardOutcome> {
    const outcome = await find();
    if (outcome.kind !== 'unknown-epoch') return outcome;
    await epochs.seek(outcome.epoch);
    return find();
  }

  /** Opens what a member is said to have sealed as the message. */
  async function open(memberId: MemberId, messageId: MessageId, text: string): Promise<Opened | NotOpened> {
    const by = await sought(() => cards.of(memberId));
    if (by.kind === 'opened') return openSigned(ring.keysOf, placeOf(memberId, messageId), text, by.card.keys.sign);
    return by.kind === 'unknown-epoch' ? by : { kind: 'unverified' };
  }

  /** Words that were kept over a reload may be of an older key, which is found in time. */
  async function openOwn(messageId: MessageId, text: string): Promise<string | null> {
    await untilHeld(sealedRoom, sealedParts(text)?.epoch ?? 0);
    const opened = await open(self, messageId, text);
    return opened.kind === 'opened' ? opened.json : null;
  }

  /** Null for what stands where nothing of its epoch can stand. */
  async function saidIn({ cursor, id, memberId, text }: MessageWithCursor): Promise<Said | null> {
    const epoch = sealedParts(text)?.epoch;
    if (epoch === undefined) return { kind: 'unopened' };
    if (ring.keysOf(epoch) === undefined) await epochs.seek(epoch);
    if (ring.isOver(epoch, cursor)) return null;
    return readContent(await open(memberId, id, text), memberId);
  }

  return {
    canSpeak: identity !== null,
    posting,
    fits: (content) => encoder.encode(JSON.stringify(content)).length <= SEALED_CONTENT_BYTES_MAX,
    say: async (id, _name, content) => ({ text: await seal(id, content) }),
    hear: async (message) => {
      const { cursor, id, memberId, timestamp } = message;
      const said = await saidIn(message);
      if (said === null) return null;
      const by = await cards.of(memberId);
      const { epoch } = sealedParts(message.text) ?? {};
      const sender = by.kind === 'opened' ? by.card.name : null;
      return { cursor, id, memberId, sender, timestamp, said, ...(epoch !== undefined && { epoch }) };
    },
    reread: async (id, { text }) => {
      const json = await openOwn(id, text);
      const content = json === null ? null : parseContent(json);
      return content === 'newer' ? null : content;
    },
    nameOf: async ({ memberId, card }) => {
      const outcome = await sought(() => cards.take(memberId, card));
      if (outcome.kind === 'opened') return { name: outcome.card.name };
      // A card of an epoch that is not known yet may open later; one of an epoch that the room has not reached never will.
      const isPending = outcome.kind === 'unknown-epoch' && !isInvented(outcome.epoch);
      return isPending ? { name: null } : { name: null, unverified: true };
    },
    rename: (name) => rename(sealedRoom, name),
    keep: (draft) => seal(DRAFT, { draft }),
    recall: async (kept) => {
      const json = await openOwn(DRAFT, kept);
      return json === null ? null : draftSchema.parse(JSON.parse(json)).draft;
    },
  };
}

function readContent(opened: Opened | NotOpened, author: MemberId): Said {
  if (opened.kind === 'unknown-epoch' || opened.kind === 'unverified') return { kind: opened.kind };
  const content = opened.kind === 'opened' ? parseContent(opened.json) : null;
  if (content === null) return { kind: 'unopened' };
  return content === 'newer' ? { kind: 'newer' } : saidOf(content, author);
}

async function untilHeld({ ring, epochs }: SealedRoom, epoch: number): Promise<void> {
  if (ring.keysOf(epoch) !== undefined) return;
  void epochs.seek(epoch);
  await new Promise<void>((resolve) => {
    const unsubscribe = ring.subscribe(() => {
      if (ring.keysOf(epoch) === undefined) return;
      unsubscribe();
      resolve();
    });
  });
}

/** A new card, once more where the room has another key by now. */
async function rename({ api, roomId, ring, epochs, identity }: SealedRoom, name: string): Promise<Answer<unknown>> {
  for (let attempt = 1; ; attempt += 1) {
    if (identity === null) return { ok: false, failure: { reason: 'not_a_member' } };
    const { keys } = ring.get();
    const answer = await api.changeCard(roomId, await sealCard(keys, identity, name));
    if (answer.ok || answer.failure.reason !== 'epoch_changed' || attempt > 1) return answer;
    await epochs.leave(keys.epoch);
  }
}
