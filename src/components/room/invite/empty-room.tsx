'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { IconButton } from '@/components/ui/button';
import { usePersonLabel } from '@/components/room/people/person-label';
import { RenameForm } from '@/components/room/people/rename-form';
import type { TranscriptEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import { useMembers } from '@/hooks/use-members';
import { useRoomInfo } from '@/hooks/use-room-info';
import { InviteCard } from './invite-card';

/** As long as `fold-away` takes (globals.css). */
const FOLD_MS = 320;

interface EmptyRoomProps {
  session: RoomSession;
  /** All that was said and happened in the room. */
  entries: readonly TranscriptEntry[];
}

/** Invites whoever is alone in a room; when the first guest comes, the invitation folds away towards the notice of it. */
export function EmptyRoom({ session, entries }: EmptyRoomProps) {
  const t = useTranslations('invite');
  const { members } = useRoomInfo(session).room;
  const hadCompany = entries.some(({ kind, self, ...entry }) => !self && (kind === 'message' || 'memberId' in entry));
  const hadTalk = hadCompany && entries.some(({ kind }) => kind === 'message');
  const isAlone = members < 2 && !hadTalk;
  const [isDrawn, setIsDrawn] = useState(isAlone);
  if (isAlone && !isDrawn) setIsDrawn(true);
  const [isRenaming, setIsRenaming] = useState(false);
  // Whoever writes their name finishes first.
  const isFolding = isDrawn && !isAlone && !isRenaming;
  const section = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { activeElement, body } = document;
    // The controls go with the fold, or went with the form just before; what one reads next is the list around them.
    if (isFolding && (activeElement === body || section.current?.contains(activeElement) === true)) {
      section.current?.closest<HTMLElement>('[role="log"]')?.focus({ preventScroll: true });
    }
  }, [isFolding]);
  // By a timer, since no browser has to say that an animation is over.
  useEffect(() => {
    if (!isFolding) return;
    const timer = setTimeout(() => setIsDrawn(false), FOLD_MS);
    return () => clearTimeout(timer);
  }, [isFolding]);

  if (!isDrawn) return entries.length === 0 ? <NothingSaid /> : null;
  return (
    <section
      ref={section}
      aria-labelledby="alone"
      inert={isFolding}
      className={`my-auto py-4 ${isFolding ? 'fold-away' : ''}`}
    >
      <div className="mx-auto flex max-w-xl flex-col gap-4 text-center">
        <h2 id="alone" className="text-xl font-semibold tracking-tight text-balance">
          {t('alone', { again: String(hadCompany) })}
        </h2>
        <div className="rounded-3xl border border-line bg-surface p-5 sm:p-6">
          <InviteCard session={session} />
        </div>
        <OwnName session={session} isRenaming={isRenaming} onRenaming={setIsRenaming} />
      </div>
    </section>
  );
}

/** For two who have come in and are silent. */
function NothingSaid() {
  const t = useTranslations('transcript');
  return (
    <div className="m-auto py-10 text-center">
      <h2 className="text-xl font-semibold tracking-tight">{t('emptyHeading')}</h2>
      <p className="mt-1 text-soft">{t('empty')}</p>
    </div>
  );
}

interface OwnNameProps {
  session: RoomSession;
  isRenaming: boolean;
  onRenaming: (isRenaming: boolean) => void;
}

/** The name that was given to whoever made the room, to be changed in its place. */
function OwnName({ session, isRenaming, onRenaming }: OwnNameProps) {
  const t = useTranslations('invite');
  const rename = useTranslations('people')('rename');
  const label = usePersonLabel();
  const self = useMembers(session).find((person) => person.self);
  const { you } = useRoomInfo(session);
  const name = self?.name ?? you.name;
  const pencil = useRef<HTMLButtonElement>(null);
  const wasRenaming = useRef(false);
  // The form took the pencil’s place, and gives the focus back to it.
  useEffect(() => {
    if (wasRenaming.current && !isRenaming) pencil.current?.focus();
    wasRenaming.current = isRenaming;
  }, [isRenaming]);

  if (isRenaming) {
    return (
      <div className="mx-auto w-full max-w-xs text-start">
        <RenameForm
          name={name}
          onRename={(chosen) => {
            if (chosen !== name) session.rename(chosen);
            onRenaming(false);
          }}
          onCancel={() => onRenaming(false)}
        />
      </div>
    );
  }
  return (
    <p className="flex min-h-11 items-center justify-center text-soft">
      <span className="min-w-0 wrap-anywhere">{t('you', { name: label({ ...self, name }).inSentence })}</span>
      <IconButton
        ref={pencil}
        icon={ROOM_ICONS.pencil}
        label={rename}
        onClick={() => onRenaming(true)}
        className="shrink-0"
      />
    </p>
  );
}
