'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { useIgnored } from '@/hooks/use-ignored';
import type { Person } from '@/session/people/roster';
import type { RoomSession } from '@/session/room-session';
import { Avatar } from './avatar';
import { usePersonLabel } from './person-label';
import { PersonName } from './person-name';
import { RenameForm } from './rename-form';
import { Unverified } from './unverified';

interface PersonRowProps {
  person: Person;
  session: RoomSession;
  /** Null where there is nothing to say or do: about oneself in a plain room. */
  onDetails: (() => void) | null;
  /** Null where the reader may not remove this person. */
  onRemove: (() => void) | null;
}

export function PersonRow({ person, session, onDetails, onRemove }: PersonRowProps) {
  'use memo';
  const t = useTranslations('people');
  const label = usePersonLabel()(person);
  const isIgnored = useIgnored(session).has(person.memberId);
  const name = person.name ?? label.name;
  const [renaming, setRenaming] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const wasRenaming = useRef(false);

  // The form took the pencil’s place, and gives the focus back to it.
  useEffect(() => {
    if (wasRenaming.current && !renaming) pencil.current?.focus();
    wasRenaming.current = renaming;
  }, [renaming]);

  if (renaming) {
    return (
      <li className="px-2 py-2">
        <RenameForm
          name={name}
          onRename={(chosen) => {
            if (chosen !== name) session.rename(chosen);
            setRenaming(false);
          }}
          onCancel={() => setRenaming(false)}
        />
      </li>
    );
  }
  return (
    <li data-tint={person.tint} className="flex min-h-13 items-center gap-1">
      {onDetails === null ? (
        <div className="flex min-w-0 flex-1 items-center gap-3 ps-2">
          <PersonSummary person={person} isIgnored={isIgnored} />
        </div>
      ) : (
        <button
          type="button"
          title={t('details')}
          aria-haspopup="dialog"
          onClick={onDetails}
          className="flex min-h-11 min-w-0 flex-1 items-center gap-3 rounded-xl py-1.5 ps-2 text-start transition-colors hover:bg-sunken"
        >
          <PersonSummary person={person} isIgnored={isIgnored} />
        </button>
      )}
      {person.self && (
        <IconButton
          ref={pencil}
          icon={ROOM_ICONS.pencil}
          label={t('rename')}
          onClick={() => setRenaming(true)}
          className="text-soft"
        />
      )}
      {onRemove !== null && (
        <IconButton
          icon={ROOM_ICONS.personOut}
          label={t('removeLabel', { name: label.inSentence })}
          onClick={onRemove}
          className="text-soft"
        />
      )}
    </li>
  );
}

function PersonSummary({ person, isIgnored }: { person: Person; isIgnored: boolean }) {
  return (
    <>
      <Avatar person={person} here={person.here} />
      <span className="min-w-0 flex-1 leading-tight">
        <PersonName person={person} className={person.here ? '' : 'text-soft'} />
        <PersonStatus person={person} isIgnored={isIgnored} />
      </span>
    </>
  );
}

function PersonStatus({ person, isIgnored }: { person: Person; isIgnored: boolean }) {
  const t = useTranslations('people');
  return (
    <span className="flex flex-wrap items-center gap-x-1.5 text-sm text-soft">
      {person.unverified && <Unverified />}
      {person.self && <span>{t('you')}</span>}
      {isIgnored && <span>{t('ignored')}</span>}
      {person.owner && (
        <span className="inline-flex items-center gap-1">
          <Icon name={ROOM_ICONS.crown} className="size-3.5" />
          {t('owner')}
        </span>
      )}
      {/* The dot beside the initials says it already. */}
      <span className={person.here ? 'sr-only' : ''}>{person.here ? t('here') : t('away')}</span>
    </span>
  );
}
