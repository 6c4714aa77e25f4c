'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { browserLanguages, LanguageField } from '@/components/listing/language-field';
import { TopicField, useTopicFault } from '@/components/listing/topic-field';
import { Callout } from '@/components/ui/callout';
import { topicFault } from '@/domain/topic';
import type { Listing } from './room-choice';

/** What the form says of a public room; null while its topic has a fault. */
export function readListing(data: FormData): Listing | null {
  const topic = data.get('topic');
  const language = data.get('language');
  if (typeof topic !== 'string' || topicFault(topic.trim()) !== null) return null;
  return {
    listed: true,
    topic: topic.trim(),
    ...(typeof language === 'string' && language !== '' && { language }),
  };
}

/** What a public room is, said before it is made, and what the front page shows of it. `tries`: how often it was to be made. */
export function PublicFields({ tries }: { tries: number }) {
  const t = useTranslations('lobby');
  const faultOf = useTopicFault();
  const field = useRef<HTMLInputElement>(null);
  const [topic, setTopic] = useState('');
  const fault = faultOf(topic);
  useEffect(() => {
    // A room that was not made for its topic: there is where it is mended.
    if (tries > 0 && field.current !== null && topicFault(field.current.value.trim()) !== null) field.current.focus();
  }, [tries]);
  return (
    <>
      <Callout icon="unlock" title={t('publicHeading')}>
        <p>{t('publicBody')}</p>
      </Callout>
      <div className="flex flex-wrap gap-4">
        <TopicField
          ref={field}
          name="topic"
          fault={tries > 0 || topic !== '' ? fault : null}
          value={topic}
          onChange={(event) => setTopic(event.target.value)}
          className="min-w-0 flex-[2_1_14rem]"
        />
        <LanguageField name="language" defaultValue={browserLanguages()[0] ?? ''} className="min-w-0 flex-[1_1_9rem]" />
      </div>
    </>
  );
}
