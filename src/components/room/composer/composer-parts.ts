/** What stands above the field at times, fetched once the page stands. */
export { CommandQuestion } from './command-question';
export { MentionList } from './mention-list';
export { ModeStrip } from './mode-strip';
