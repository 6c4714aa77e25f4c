import { suggestName } from '@/domain/names';
import { nameFault } from '@/domain/text-rules';
import { recallName, rememberName } from '@/session/people/own-name';
import type { PageEnvironment } from './page-context';

/** The name that this tab used last, or a new one, which it uses from now on. */
export function usualName({ storage, random, names }: Pick<PageEnvironment, 'storage' | 'random' | 'names'>): string {
  const recalled = recallName(storage);
  const name = recalled !== null && nameFault(recalled) === null ? recalled : suggestName(names, random);
  rememberName(storage, name);
  return name;
}
