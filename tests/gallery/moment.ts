/** The moment at which every state is shown, on the server's clock: 11:05:12. It never passes, so pictures stay the same. */
export const NOW = Date.UTC(2026, 4, 17, 11, 5, 12);

export const clock = () => NOW;
