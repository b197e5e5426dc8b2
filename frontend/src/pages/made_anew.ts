/** A page whose whole is made anew by the server: not from under a dialog, in which somebody is in the middle of something. */

/** Who closed a dialog may be about to open it again, such as for the next of several transactions. */
const AFTER_DIALOG_MS = 1_000;

export function makeAnew(reload: () => void = () => location.reload()): void {
  const dialog = document.querySelector("dialog[open]");
  if (dialog === null) reload();
  else dialog.addEventListener("close", () => setTimeout(() => makeAnew(reload), AFTER_DIALOG_MS), { once: true });
}
