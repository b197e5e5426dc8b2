/** The sentence about what was just done: it goes after a while, but not from under a pointer or the focus. */

const SHOWN_MS = 8_000;

export function startToasts(): void {
  for (const toast of document.querySelectorAll<HTMLElement>("#toasts > .toast:not(.toast-fault)")) goesLater(toast);
}

function goesLater(toast: HTMLElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), SHOWN_MS);
  };
  const hold = (): void => clearTimeout(timer);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", wait);
  wait();
}
