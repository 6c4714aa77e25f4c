'use client';

import { useEffect, useState } from 'react';
import { browserMicrophone } from '@/page/microphone';
import { createRecorder, type Recorder, type RecorderState } from '@/page/recorder';
import { createStore } from '@/lib/store';
import { useStore } from './use-store';

export type { Recorder, RecorderState };

const IDLE = createStore<RecorderState>({ kind: 'idle' });

/** Records a voice while this is on the screen; null where the browser cannot. */
export function useRecorder(): { recorder: Recorder | null; state: RecorderState } {
  const [recorder] = useState(() => {
    const microphone = browserMicrophone();
    return microphone === null ? null : createRecorder(microphone);
  });
  // Nobody is recorded by what is out of sight.
  useEffect(() => recorder?.discard, [recorder]);
  return { recorder, state: useStore(recorder?.state ?? IDLE) };
}

/** The levels of what is being recorded, newest last. */
export function useLevels(recorder: Recorder): readonly number[] {
  return useStore(recorder.levels);
}
