'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { TextField } from '@/components/ui/text-field';
import { TOPIC_CHARACTERS_MAX } from '@/domain/limits';
import { topicFault } from '@/domain/topic';

/** Returns a function that says why a topic cannot be taken, or null: the server's own rules, in words. */
export function useTopicFault(): (topic: string) => string | null {
  const t = useTranslations('listing');
  const format = useFormatter();
  return (topic) => {
    switch (topicFault(topic.trim())) {
      case null:
        return null;
      case 'blank':
        return t('topicBlank');
      case 'not-well-formed':
        return t('topicMalformed');
      case 'too-long':
        return t('topicTooLong', { max: format.number(TOPIC_CHARACTERS_MAX) });
      case 'forbidden':
        return t('topicForbidden');
      case 'address':
        return t('topicAddress');
    }
  };
}

/** What a public room is about. */
export function TopicField(props: Omit<ComponentProps<typeof TextField>, 'label'>) {
  const t = useTranslations('listing');
  const format = useFormatter();
  return (
    <TextField
      {...props}
      label={t('topic')}
      hint={t('topicHint', { max: format.number(TOPIC_CHARACTERS_MAX) })}
      dir="auto"
      // The browser counts UTF-16 units, and a character may take two: this bound only stops topics that can never fit.
      maxLength={TOPIC_CHARACTERS_MAX * 2}
      autoComplete="off"
    />
  );
}
