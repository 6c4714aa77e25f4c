import type { Content } from '@/domain/content';
import type { MessageId } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItems, OutboxMessage } from './outbox-items';

/** Seals the messages of the outbox, each for the room's newest key, as long as the server cannot have it. */
export interface ItemSealing {
  /** Also while the line is down, so that the message can be kept over a reload. */
  readonly seal: (id: MessageId, content: Content) => Promise<void>;
  /** The same once more, for a message that was never tried, or that the server says it does not have. */
  readonly sealAgain: (message: OutboxMessage) => void;
  /** The page holds another key: no message that was never tried goes out under the one before. */
  readonly renew: () => void;
}

export function createItemSealing(
  { ownName, voice }: SessionContext,
  items: OutboxItems,
  onSealed: () => void,
): ItemSealing {
  const { isCurrent } = voice.posting;

  async function seal(id: MessageId, content: Content) {
    await ownName.settled;
    let words;
    // The key may be replaced while this is sealed.
    do words = await voice.say(id, ownName.get(), content);
    while (!isCurrent(words));
    // Words that may have been sent already stay as they are.
    items.change(id, ({ stale: _stale, ...item }) => (item.words === null ? { ...item, words } : item));
    onSealed();
  }

  function sealAgain({ id, content, tried, words }: OutboxMessage) {
    if (tried || words === null || !voice.canSpeak) return;
    items.change(id, (item) => ({ ...item, words: null, stale: words }));
    void seal(id, content);
  }

  return {
    seal,
    sealAgain,
    renew: () => {
      for (const message of items.messages())
        if (message.words !== null && !isCurrent(message.words)) sealAgain(message);
      onSealed();
    },
  };
}
