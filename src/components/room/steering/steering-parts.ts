/** Few rooms need these, so they are fetched when one does. */
export { GiveRoomDialog } from './give-room-dialog';
export { ProposalCard } from './proposal-card';
export { SlowModeDialog } from './slow-mode-dialog';
export { VacancyCard } from './vacancy-card';
