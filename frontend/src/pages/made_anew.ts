/** A page whose whole is made anew by the server: not from under a dialog, in which somebody is in the middle of something. */

export function makeAnew(reload: () => void = () => location.reload()): void {
  const dialog = document.querySelector("dialog[open]");
  if (dialog === null) reload();
  else dialog.addEventListener("close", () => reload(), { once: true });
}
