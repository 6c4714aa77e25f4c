/** The inside is a part of its own, fetched while the room is made or looked at: the door can be used without it. */
export const loadInside = () => import('./inside-screen');
