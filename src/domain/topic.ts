import { TOPIC_CHARACTERS_MAX } from './limits';
import { holdsAddress } from './lobby';
import { nameFault, type TextFault } from './text-rules';

/** Why a topic may not stand on the front page, or null: the server's own rules, for the page to check before it asks. */
export function topicFault(topic: string): TextFault | 'address' | null {
  return nameFault(topic, TOPIC_CHARACTERS_MAX) ?? (holdsAddress(topic) ? 'address' : null);
}
