'use client';

import { useTranslations } from 'next-intl';
import type { RefObject } from 'react';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { MessageEntry, TranscriptEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import { saveWhenLoaded } from '@/components/room/transcript/files/save-loaded';
import { actsOn, hasActs } from './acts';
import { MessageBar } from './message-bar';
import { OpenedActions } from './opened-actions';
import { useCopyMessage } from './use-copy-message';
import { useDeeds } from './use-deeds';
import { useMessageKeys } from './use-message-keys';
import { usePointed } from './use-pointed';
import { useTouch } from './use-touch';

interface MessageActionsProps {
  session: RoomSession;
  scroller: RefObject<HTMLDivElement | null>;
  entries: readonly TranscriptEntry[];
  /** The composer has something to do: it takes the focus. */
  onDone: () => void;
}

/** The message that an element shows, if there is anything to be done with it. */
function messageIn(entries: readonly TranscriptEntry[], host: HTMLElement | null): MessageEntry | undefined {
  const key = host?.dataset['key'];
  const message = entries.find((entry): entry is MessageEntry => entry.kind === 'message' && entry.key === key);
  return message !== undefined && hasActs(message) ? message : undefined;
}

/** Selects the words of a message, where a finger that stays has opened the sheet instead. */
function selectWords(host: HTMLElement) {
  const words = host.querySelector('[data-bubble] p');
  if (words !== null) getSelection()?.selectAllChildren(words);
}

/** All that one can do with the message that the reader points at: one bar, one menu and one picker serve all of them. */
export function MessageActions({ session, scroller, entries, onDone }: MessageActionsProps) {
  const t = useTranslations('message');
  const info = useRoomInfo(session);
  const pointed = usePointed(scroller);
  const { opened, open, forget, close, reply, edit, takeBack, react, press } = useDeeds(session, info, onDone);
  const { copy, isCopied } = useCopyMessage();
  const host = opened?.host ?? pointed;
  const message = messageIn(entries, host);
  const file = message?.file;
  const acts = message === undefined ? null : actsOn(message, info);
  // Its author took it back: nothing stands open at it any more.
  if (opened !== null && message === undefined) forget();

  useMessageKeys(scroller, (key, at) => {
    const aimed = messageIn(entries, at);
    return aimed !== undefined && press(key, aimed, at);
  });
  useTouch(scroller, {
    onHold: (at) => {
      if (messageIn(entries, at) !== undefined) open({ view: 'menu', host: at, anchor: at, by: 'touch' });
    },
    onSwipe: (at) => {
      const aimed = messageIn(entries, at);
      if (aimed !== undefined && actsOn(aimed, info).mayAnswer) reply(aimed);
    },
  });

  return (
    <>
      <p role="status" className="sr-only">
        {isCopied && t('copied')}
      </p>
      {message !== undefined && host !== null && acts !== null && opened?.by !== 'touch' && (
        <MessageBar
          host={host}
          isSelf={message.self}
          acts={acts}
          opened={opened?.view ?? null}
          onReact={(anchor) => open({ view: 'picker', host, anchor, by: 'bar' })}
          onReply={() => reply(message)}
          onMore={(anchor) => open({ view: 'menu', host, anchor, by: 'bar' })}
        />
      )}
      {message !== undefined && acts !== null && opened !== null && (
        <OpenedActions
          opened={opened}
          message={message}
          acts={acts}
          onClose={() => close(opened.host)}
          onPick={() => open({ ...opened, view: 'picker' })}
          onReact={(emoji) => react(message, emoji, opened.host)}
          onReply={() => reply(message)}
          onEdit={() => edit(message)}
          onSave={
            file &&
            (() => {
              saveWhenLoaded(session.files, file);
              close(opened.host);
            })
          }
          onTakeBack={() => takeBack(message, opened.host, opened.by !== 'touch')}
          onSelect={() => {
            close(opened.host);
            selectWords(opened.host);
          }}
          onCopy={async (withName) => {
            const hasCopied = await copy(message, withName);
            if (hasCopied) close(opened.host);
            return hasCopied;
          }}
        />
      )}
    </>
  );
}
