'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState, type SubmitEvent } from 'react';
import { browserLanguages, LanguageField } from '@/components/listing/language-field';
import { TopicField, useTopicFault } from '@/components/listing/topic-field';
import { Button } from '@/components/ui/button';
import { Switch } from '@/components/ui/switch';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { RoomSession } from '@/session/room-session';

/** Puts the room on the front page, which takes a topic, changes what stands there, or takes it off again. */
export function ListingOption({ session }: { session: RoomSession }) {
  const t = useTranslations('options');
  const { room } = useRoomInfo(session);
  const { pending, steer } = useRoomActions(session);
  // Switched on, and not listed before there is a topic.
  const [wanted, setWanted] = useState(false);
  return (
    <div>
      <Switch
        checked={room.listed || wanted}
        hint={t('listHint')}
        inert={pending === 'steer'}
        onChange={(checked) => {
          setWanted(checked);
          if (!checked && room.listed) steer({ listed: false });
        }}
      >
        {t('list')}
      </Switch>
      {(room.listed || wanted) && (
        // One edits what is stored: with every other answer the form begins again.
        <ListingForm key={`${String(room.listed)} ${room.topic ?? ''} ${room.language ?? ''}`} session={session} />
      )}
    </div>
  );
}

function ListingForm({ session }: { session: RoomSession }) {
  const t = useTranslations('options');
  const topicFault = useTopicFault();
  const { room } = useRoomInfo(session);
  const { pending, steer } = useRoomActions(session);
  const [topic, setTopic] = useState(room.topic ?? '');
  const [language, setLanguage] = useState(room.language ?? (room.listed ? '' : (browserLanguages()[0] ?? '')));
  const field = useRef<HTMLInputElement>(null);
  // A field that nobody has touched has no fault yet.
  const [tried, setTried] = useState(false);
  const fault = topicFault(topic);
  const isChanged = !room.listed || topic.trim() !== room.topic || language !== (room.language ?? '');

  function submit(event: SubmitEvent) {
    event.preventDefault();
    setTried(true);
    if (fault !== null) field.current?.focus();
    else if (isChanged) steer({ listed: true, topic: topic.trim(), language: language === '' ? null : language });
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-4 px-3 pt-2 pb-3">
      <TopicField
        value={topic}
        fault={tried || topic !== '' ? fault : null}
        ref={field}
        onChange={(event) => setTopic(event.target.value)}
      />
      <LanguageField value={language} known={room.language} onChange={(event) => setLanguage(event.target.value)} />
      <Button type="submit" tone="primary" busy={pending === 'steer'} inert={!isChanged}>
        {room.listed ? t('save') : t('listNow')}
      </Button>
    </form>
  );
}
