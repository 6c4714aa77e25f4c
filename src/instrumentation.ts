/** Next calls this once, before the first request. What needs Node stands in a file of its own. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { start } = await import('./instrumentation-node');
  await start();
}
