const ask = (event: BeforeUnloadEvent) => event.preventDefault();

/** Some browsers keep a page that listens out of the back/forward cache, so it listens only while it has a reason. */
export function setCloseWarning(isOn: boolean): void {
  if (isOn) window.addEventListener('beforeunload', ask);
  else window.removeEventListener('beforeunload', ask);
}
