import { expect } from '@playwright/test';
import type { InsideScreen } from './inside-screen';

/** Ten minutes more, above the composer of a room. */
export const extensionOf = ({ page, log }: InsideScreen) => ({
  /** In the last two minutes, by itself. */
  offer: page.getByRole('main').getByRole('button', { name: 'Ten minutes more' }),
  proposedBy: (name: string) =>
    page.getByRole('main').getByText(`\u2068${name}\u2069 proposes ten minutes more`, { exact: true }),
  proposedByOneself: page.getByRole('main').getByText('You proposed ten minutes more', { exact: true }).last(),
  answers: page.getByText(/^Agreed: /),
  agree: page.getByRole('button', { name: 'Agree', exact: true }),
  notNow: page.getByRole('button', { name: 'Not now', exact: true }),
  withdraw: page.getByRole('button', { name: 'Withdraw', exact: true }),
  granted: log.getByText(/agreed to ten minutes more$/),
  notGranted: log.getByText('Ten minutes more were proposed, and not everybody agreed'),
});

/** Proposes ten minutes more by the menu. */
export async function propose(inside: InsideScreen): Promise<void> {
  await inside.openMenu();
  await inside.menuItem('Ten minutes more').click();
}

/** The owner makes somebody else the owner. */
export async function handOver(owner: InsideScreen, name: string): Promise<void> {
  await owner.details(name).click();
  await owner.dialog.getByRole('button', { name: `Make \u2068${name}\u2069 the owner` }).click();
  const confirm = owner.dialog.getByRole('button', { name: 'Make owner' });
  await expect(confirm).toBeVisible();
  await confirm.click();
}

/** Slow mode, as the owner switches it and a guest waits for it. */
export const slowModeOf = ({ page, header, dialog }: InsideScreen) => ({
  /** Beside the room's name, and not the item of the menu. */
  state: header.getByText('Slow mode', { exact: true }).first(),
  choice: (name: 'Off' | '10 seconds' | '30 seconds') => dialog.getByRole('radio', { name, exact: true }),
  wait: page.getByText(/^You can write again in \d+ s$/),
});

export async function setSlowMode(owner: InsideScreen, choice: 'Off' | '10 seconds' | '30 seconds'): Promise<void> {
  await owner.openMenu();
  await owner.menuItem('Slow mode').click();
  await slowModeOf(owner).choice(choice).check({ force: true });
  await expect(slowModeOf(owner).choice(choice)).toBeChecked();
  await owner.page.keyboard.press('Escape');
  await expect(owner.dialog).toHaveCount(0);
}
