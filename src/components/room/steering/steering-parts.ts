/** What comes up in few rooms: fetched when it does. */
export { GiveRoomDialog } from './give-room-dialog';
export { ProposalCard } from './proposal-card';
export { SlowModeDialog } from './slow-mode-dialog';
export { VacancyCard } from './vacancy-card';
