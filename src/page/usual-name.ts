import { suggestName } from '@/domain/names';
import { nameFault } from '@/domain/text-rules';
import type { TabStorage } from '@/lib/tab-storage';
import { recallName, rememberName } from '@/session/people/own-name';

/** The name that this tab used last, or a new one, which it uses from now on. */
export function usualName(storage: TabStorage, random: () => number): string {
  const recalled = recallName(storage);
  const name = recalled !== null && nameFault(recalled) === null ? recalled : suggestName(random);
  rememberName(storage, name);
  return name;
}
