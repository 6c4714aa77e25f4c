'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { Spinner } from '@/components/ui/spinner';
import { useFileWords } from '@/components/room/files/use-file-words';
import type { FileLimits } from '@/domain/room';
import type { Recorder, RecorderState } from '@/hooks/use-recorder';
import type { Files } from '@/session/files/files';
import { Listening } from './listening';
import { Recording } from './recording';
import { SendingIcon } from './sending-icon';

interface RecorderPanelProps {
  recorder: Recorder;
  state: Exclude<RecorderState, { kind: 'idle' }>;
  limits: FileLimits;
  files: Files;
  /** Sent or discarded. */
  onDone: () => void;
}

/** In the place of the composer: a voice from the question for the microphone to its sending. */
export function RecorderPanel({ recorder, state, limits, files, onDone }: RecorderPanelProps) {
  const t = useTranslations('files.sending');
  const { size } = useFileWords();
  const panel = useRef<HTMLDivElement>(null);
  const { send, isBusy, fault } = useSendVoice(files, state, onDone);
  const { kind } = state;
  useEffect(() => {
    // Each step has a control of its own, which takes the place of the one that was just pressed.
    panel.current?.querySelector<HTMLElement>('[data-next]')?.focus({ preventScroll: true });
  }, [kind]);

  function escape(event: KeyboardEvent) {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onDone();
  }

  return (
    <div
      ref={panel}
      // Hides what stands beside it.
      data-recording
      role="group"
      aria-label={t('voice')}
      onKeyDown={escape}
      className="flex min-h-11 min-w-0 flex-1 animate-appear items-center gap-1"
    >
      <IconButton
        icon={kind === 'recorded' ? ROOM_ICONS.trash : 'close'}
        label={t(kind === 'failed' ? 'close' : 'discard')}
        onClick={onDone}
        className="!rounded-full"
        {...((kind === 'asking' || kind === 'failed') && { 'data-next': '' })}
      />
      {kind === 'asking' && (
        <p role="status" className="flex min-w-0 flex-1 items-center gap-2 py-2 text-sm text-soft">
          <Spinner className="size-4" />
          {t('asking')}
        </p>
      )}
      {kind === 'failed' && (
        <p role="alert" className="min-w-0 flex-1 ps-1 py-2 pe-3 text-sm">
          {t(`microphone-${state.fault}`)}
        </p>
      )}
      {kind === 'recording' && (
        <>
          <Recording recorder={recorder} since={state.since} />
          <RoundButton label={t('stop')} onClick={recorder.stop} data-next="">
            <SendingIcon name="stop" className="size-5 fill-current" />
          </RoundButton>
        </>
      )}
      {kind === 'recorded' && (
        <>
          {fault === null ? (
            <div className="flex min-w-0 flex-1 flex-col">
              <Listening url={state.url} voice={state.voice} />
              {state.brokeOff && (
                <p role="status" className="ps-1 pb-1 text-sm text-soft">
                  {t('brokeOff')}
                </p>
              )}
            </div>
          ) : (
            <p role="alert" className="min-w-0 flex-1 py-2 text-sm text-danger">
              {t(fault, { size: size(limits.maxBytes) })}
            </p>
          )}
          {(fault === null || fault === 'voiceNotSent') && (
            <RoundButton label={t('sendVoice')} onClick={send} aria-busy={isBusy || undefined}>
              {isBusy ? <Spinner /> : <Icon name="arrowUp" />}
            </RoundButton>
          )}
        </>
      )}
    </div>
  );
}

/** `voiceNotSent`: for no reason that the recording gives; it may go out the next time. */
type VoiceFault = 'files-off' | 'empty' | 'too-large' | 'unreadable' | 'voiceNotSent';

function useSendVoice(files: Files, state: RecorderPanelProps['state'], onDone: () => void) {
  const t = useTranslations('files.sending');
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState<VoiceFault | null>(null);

  async function send() {
    if (isBusy || state.kind !== 'recorded') return;
    setIsBusy(true);
    setFault(null);
    const left = await sendVoice(files, t('voice'), state).catch(() => 'voiceNotSent' as const);
    setIsBusy(false);
    if (left === null) onDone();
    else setFault(left);
  }

  return { send: () => void send(), isBusy, fault };
}

/** Null once it is on its way. */
async function sendVoice(
  files: Pick<Files, 'choose' | 'send'>,
  name: string,
  { content, voice }: Extract<RecorderState, { kind: 'recorded' }>,
): Promise<VoiceFault | null> {
  const chosen = await files.choose(content, name, voice);
  if (chosen.fault !== null) return chosen.fault;
  return (await files.send([chosen])) ? null : 'voiceNotSent';
}

interface RoundButtonProps {
  label: string;
  onClick: () => void;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
  'aria-busy'?: true | undefined;
  'data-next'?: '';
}

function RoundButton({ label, children, ...rest }: RoundButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className="inline-flex size-beside-field shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-strong"
    >
      {children}
    </button>
  );
}
