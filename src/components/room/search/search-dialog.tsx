'use client';

import { useTranslations } from 'next-intl';
import { useDeferredValue, useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Spinner } from '@/components/ui/spinner';
import { FIELD_CLASS } from '@/components/ui/text-field';
import type { RoomSession } from '@/session/room-session';
import { useTranscript } from '@/hooks/use-transcript';
import { useWholeTalk } from '@/hooks/use-whole-talk';
import { isComposingKey } from '@/lib/composing-key';
import { findMessages, type Hit } from './find-messages';
import { SearchResults } from './search-results';

/** More are counted, and not shown: a reader who finds this many looks for another word. */
const SHOWN_MAX = 100;

interface SearchDialogProps {
  session: RoomSession;
  open: boolean;
  onClose: () => void;
}

/** Finds messages in the whole talk, within this page. */
export function SearchDialog({ session, open, onClose }: SearchDialogProps) {
  const t = useTranslations('search');
  /** The key of the message that was chosen: the dialog gives the focus back first, and then the message takes it. */
  const chosen = useRef<string | null>(null);
  const go = useEffectEvent(() => {
    if (chosen.current !== null) session.goTo(chosen.current);
    chosen.current = null;
  });
  useEffect(() => {
    if (!open) go();
  }, [open]);
  return (
    <Dialog open={open} onClose={onClose} title={t('heading')} closeLabel={t('close')} placement="sheet">
      <Search
        session={session}
        onChoose={(key) => {
          chosen.current = key;
          onClose();
        }}
      />
    </Dialog>
  );
}

interface SearchProps {
  session: RoomSession;
  onChoose: (key: string) => void;
}

function Search({ session, onChoose }: SearchProps) {
  'use memo';
  const t = useTranslations('search');
  const id = useId();
  const [query, setQuery] = useState('');
  const { entries } = useTranscript(session);
  const hits = findMessages(entries, useDeferredValue(query));
  const shown = hits.slice(0, SHOWN_MAX);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const active = Math.max(
    0,
    shown.findIndex(({ message }) => message.key === activeKey),
  );
  const hasQuery = query.trim() !== '';

  function pressed(event: KeyboardEvent) {
    if (isComposingKey(event.nativeEvent)) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const next = shown[step === 0 ? active : (active + step + shown.length) % shown.length];
    if (next === undefined || (step === 0 && event.key !== 'Enter')) return;
    event.preventDefault();
    if (step === 0) onChoose(next.message.key);
    else setActiveKey(next.message.key);
  }

  return (
    <>
      <input
        data-first-focus
        role="combobox"
        aria-label={t('label')}
        aria-expanded={shown.length > 0}
        aria-controls={id}
        aria-activedescendant={shown.length > 0 ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        dir="auto"
        placeholder={t('label')}
        enterKeyHint="go"
        autoComplete="off"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActiveKey(null);
        }}
        onKeyDown={pressed}
        className={FIELD_CLASS}
      />
      <SearchState session={session} hits={hits} hasQuery={hasQuery} isCut={hits.length > SHOWN_MAX} />
      <SearchResults id={id} hits={shown} active={active} onChoose={onChoose} />
    </>
  );
}

interface SearchStateProps {
  session: RoomSession;
  hits: readonly Hit[];
  hasQuery: boolean;
  /** More were found than are shown. */
  isCut: boolean;
}

/** Says how much was found, and how far back. */
function SearchState({ session, hits, hasQuery, isCut }: SearchStateProps) {
  const t = useTranslations('search');
  const { reach, read, stop } = useWholeTalk(session, hasQuery);
  const found = t('found', { count: hits.length });
  if (!hasQuery) return <p className="mt-3 min-h-11 text-sm text-soft">{t('private')}</p>;
  return (
    <div className="mt-1 flex min-h-14 flex-wrap items-center justify-between gap-3 text-sm text-soft">
      <p className="flex items-center gap-2">
        {reach === 'reading' && <Spinner className="size-4" />}
        {reach === 'reading' && hits.length === 0
          ? t('reading')
          : isCut
            ? t('foundCut', { count: hits.length, max: SHOWN_MAX })
            : found}
      </p>
      {/* While pages arrive, the number changes too often to be read out. */}
      <p role="status" className="sr-only">
        {reach !== 'reading' && found}
      </p>
      {reach !== 'whole' && (
        <Button tone="quiet" className="!px-3" onClick={reach === 'reading' ? stop : read}>
          {t(reach === 'reading' ? 'stop' : 'goOn')}
        </Button>
      )}
    </div>
  );
}
