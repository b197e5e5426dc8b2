/** How one points into a chart: by the pointer, by the keys, and where the tip then stands. */

const TIP_GAP = 14;

export interface Pointed {
  readonly at: (event: PointerEvent) => void;
  readonly leave: () => void;
  readonly step: (event: KeyboardEvent) => void;
}

export function listenToPointing(figure: HTMLElement, { at, leave, step }: Pointed): void {
  figure.addEventListener("pointermove", at);
  figure.addEventListener("pointerdown", at);
  // A finger leaves at every lift; what it pointed at stays until the focus goes elsewhere.
  figure.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") leave();
  });
  figure.addEventListener("blur", leave);
  figure.addEventListener("keydown", step);
}

/** Puts the tip beside `x`, on the side of it where the plot has more room. */
export function placeTip(tip: HTMLElement, x: number, width: number): void {
  const left = x > width / 2 ? x - TIP_GAP - tip.offsetWidth : x + TIP_GAP;
  tip.style.translate = `${Math.round(Math.max(0, left))}px 8px`;
}
