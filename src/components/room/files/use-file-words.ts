import { useLocale, useTranslations } from 'next-intl';
import { regionalLocale } from '@/lib/regional-locale';
import type { SharedFile } from '@/session/files/shared-file';
import { kindOfFile, type FileKind } from './kind-of-file';

/** As the limits count. */
const STEP = 1_024;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size as people write it: 512 byte, 34 kB, 2.4 MB. */
export function sizeIn(locale: string, bytes: number): string {
  const power = bytes < STEP ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(STEP)));
  const value = bytes / STEP ** power;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}

export interface FileWords {
  readonly size: (bytes: number) => string;
  readonly kind: (kind: FileKind) => string;
  /** Minutes and seconds of a recording. */
  readonly time: (ms: number) => string;
  /** Stands for the file where it is only mentioned. */
  readonly summary: (file: SharedFile) => string;
}

/** Files in words. Only for parts that the server never renders. */
export function useFileWords(): FileWords {
  const t = useTranslations('files.received');
  const language = useLocale();
  const kind = (kind: FileKind) => t('kind', { kind });
  function time(ms: number): string {
    const seconds = Math.round(ms / 1_000);
    return t('time', { minutes: Math.floor(seconds / 60), seconds: String(seconds % 60).padStart(2, '0') });
  }
  return {
    size: (bytes) => sizeIn(regionalLocale(language, navigator.languages), bytes),
    kind,
    time,
    summary: (file) => {
      if (file.voice !== undefined) return t('voiceOf', { time: time(file.voice.ms) });
      const is = kindOfFile(file);
      return is === 'picture' ? kind(is) : file.name;
    },
  };
}
