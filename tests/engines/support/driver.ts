/** The roles that the page objects look for. */
export type Role = 'banner' | 'button' | 'complementary' | 'heading' | 'log' | 'textbox';

/** An element as a person finds it: by its role and its accessible name. */
export interface Target {
  readonly role: Role;
  readonly name: string;
}

/**
 * A tab of some engine. No action waits for its element: it throws while the element is missing, and the page objects
 * repeat it.
 */
export interface Tab {
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  url(): Promise<string>;
  /** The visible text of the first such element, or undefined while there is none. */
  read(target: Target): Promise<string | undefined>;
  click(target: Target): Promise<void>;
  /** Replaces what is in the field by typing. */
  fill(target: Target, text: string): Promise<void>;
  /** Runs a function in the page. Its source is sent there, so it sees nothing but its argument, which is JSON. */
  evaluate<Argument, Result>(work: (argument: Argument) => Promise<Result>, argument: Argument): Promise<Result>;
  /** Another tab of the same browser. */
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

/** A browser of one person, running. */
export interface Browser {
  /** Name and version. */
  readonly version: string;
  newTab(): Promise<Tab>;
  /** Closes all tabs that a test opened. */
  closeTabs(): Promise<void>;
  /** Ends it and deletes its profile. */
  stop(): Promise<void>;
}

export type Windows = 'ordinary' | 'private';

export interface Engine {
  readonly name: string;
  /** Tells its requests from those of the other engines. */
  readonly userAgent: RegExp;
  /** Whether it can be driven in windows that are not private. */
  readonly hasOrdinaryWindows: boolean;
  isInstalled(): boolean;
  start(windows: Windows): Promise<Browser>;
}

/** The screen of every person. It is wide enough to show the list of people beside the talk. */
export const SCREEN = { width: 1280, height: 900 } as const;
