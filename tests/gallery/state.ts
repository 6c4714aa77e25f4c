import type { ReactNode } from 'react';
import type { Failure } from '@/domain/failure';
import type { Hands } from './hands';

/** One thing that a screen can be. */
export interface GalleryState {
  /** Called once for each time that the state is shown. */
  readonly render: () => ReactNode;
  /** The presses that lead there. */
  readonly act?: (hands: Hands) => Promise<void>;
  /** Properties of `navigator` that the browser has there, or lacks. */
  readonly pretend?: Readonly<Partial<Record<'clipboard' | 'share' | 'mediaDevices', unknown>>>;
  /** How the server refuses whatever is asked of it; without it and without `content`, it never answers. */
  readonly answer?: Failure;
  /** What it answers whatever is asked of it. */
  readonly content?: unknown;
  /** The site lists public rooms. */
  readonly isLobbyOn?: true;
}

/** The states of one screen, by names that say what is special about each. */
export type Screen = Readonly<Record<string, GalleryState>>;
