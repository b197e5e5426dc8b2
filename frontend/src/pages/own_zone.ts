/** The time zone of the browser, in the fields that ask for it. */

export function fillOwnZone(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>("input[data-own-zone]"))
    field.value = new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
