/** What every page with a form needs: the summary of errors takes the focus, and one click sends once. */

export function startForms(): void {
  startFormsIn(document);
  // A page that comes back from the browser's memory can be sent again: its key makes sure that nothing is done twice.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
  });
}

/** The same for a part of the page that is new; what stands beside it is started already, and twice it would never be sent. */
export function startFormsIn(part: ParentNode): void {
  part.querySelector<HTMLElement>(".error-summary[autofocus]")?.focus();
  for (const form of part.querySelectorAll<HTMLFormElement>("form[data-once]")) {
    form.addEventListener("submit", (event) => sendOnce(form, event));
  }
}

function sendOnce(form: HTMLFormElement, event: SubmitEvent): void {
  if (form.dataset["sent"] !== undefined) event.preventDefault();
  form.dataset["sent"] = "";
}
