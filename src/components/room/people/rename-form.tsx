'use client';

import { useTranslations } from 'next-intl';
import { useState, type KeyboardEvent, type SubmitEvent } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/text-field';
import { SENDER_CHARACTERS_MAX } from '@/domain/limits';
import { isComposingKey } from '@/lib/composing-key';
import { useNameFault } from './name-fault';

interface RenameFormProps {
  name: string;
  onRename: (name: string) => void;
  onCancel: () => void;
}

/** A new name for oneself, in the place of the old one. */
export function RenameForm({ name, onRename, onCancel }: RenameFormProps) {
  const t = useTranslations('people');
  const nameFault = useNameFault();
  const [text, setText] = useState(name);
  const fault = nameFault(text);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (fault === null) onRename(text.trim());
  }
  function pressed(event: KeyboardEvent) {
    if (event.key !== 'Escape' || isComposingKey(event.nativeEvent)) return;
    // Escape discards the new name, but does not close the panel around it.
    event.preventDefault();
    event.stopPropagation();
    onCancel();
  }
  return (
    <form onSubmit={submit} onKeyDown={pressed} noValidate>
      <TextField
        label={t('renameLabel')}
        fault={fault}
        autoFocus
        value={text}
        maxLength={SENDER_CHARACTERS_MAX * 2}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="mt-2 flex gap-2">
        <Button type="submit" tone="primary" inert={fault !== null}>
          {t('save')}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
