/** A page of another build than the server's reloads when nobody is at it, and once only for each build. */

const QUIET_MS = 30_000;
const REMEMBERED = "reloaded-for";

let lastTouched = performance.now();
let isWaiting = false;

for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) {
  addEventListener(kind, () => touched(), { passive: true });
}

function touched(): void {
  lastTouched = performance.now();
}

/** Reloads soon where the server's `build` is not the page's; `isBusy` says whether someone is in the middle of something. */
export function reloadForBuild(build: string, isBusy: () => boolean): void {
  const own = document.documentElement.dataset["build"] ?? build;
  if (build === own || isWaiting || sessionStorage.getItem(REMEMBERED) === build) return;
  isWaiting = true;
  const timer = setInterval(() => {
    const isQuiet = document.hidden || performance.now() - lastTouched >= QUIET_MS;
    if (!isQuiet || isBusy()) return;
    clearInterval(timer);
    sessionStorage.setItem(REMEMBERED, build);
    location.reload();
  }, 1_000);
}
