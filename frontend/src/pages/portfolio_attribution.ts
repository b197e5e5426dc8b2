/** The strip that says where the day's profit and loss comes from: a figure, a few words and a bar for each part. */

import { PARTS, partFigure, partReasons, waterfall } from "../cells/attribution";
import { Cell, type CellBoard } from "../cells/board";
import { gainCell } from "../cells/figures";
import { hasValue } from "../cells/totals";
import { DASH } from "../lib/decimal";
import { byId, madeSvg, setAll, within } from "../lib/dom";
import type { PortfolioRow, PortfolioTotals } from "../live/messages.gen";

/** The height of the bars in heads.css. */
const BARS_HEIGHT = 36;
const BAR_X = 16;
const BAR_WIDTH = 36;

interface Step {
  readonly figure: Cell;
  readonly why: Cell | null;
  readonly zero: SVGElement;
  readonly bar: SVGElement;
  readonly link: SVGElement;
}

export class Attribution {
  readonly #board: CellBoard;
  readonly #steps: readonly Step[];
  #drawn = "";

  constructor(board: CellBoard) {
    this.#board = board;
    const list = byId("attribution", HTMLElement);
    this.#steps = [...PARTS, "total"].map((part) => {
      const item = within(list, `[data-part="${part}"]`, HTMLLIElement);
      return stepOf(item, part === "total");
    });
  }

  show(rows: Iterable<PortfolioRow>, totals: PortfolioTotals, before: PortfolioTotals | undefined): void {
    const isKnown = hasValue(totals);
    const reasons = partReasons(rows, totals);
    const earlier = before?.currency === totals.currency ? before : undefined;
    for (const [index, part] of PARTS.entries()) {
      const step = this.#steps[index];
      if (step === undefined) continue;
      const figure = partFigure(totals, part);
      this.#set(step, isKnown ? figure : null, earlier === undefined ? undefined : partFigure(earlier, part));
      if (step.why !== null) this.#board.set(step.why, { text: reasons[part] });
    }
    const total = this.#steps[PARTS.length];
    if (total !== undefined) this.#set(total, isKnown ? totals.day : null, earlier?.day);
    const steps = PARTS.map((part) => (isKnown ? partFigure(totals, part) : "0"));
    this.#board.arrange(() => this.#draw(steps));
  }

  #set(step: Step, figure: string | null, before: string | undefined): void {
    this.#board.set(step.figure, figure === null ? { text: DASH, direction: "none" } : gainCell(figure, before));
  }

  #draw(parts: readonly string[]): void {
    const key = parts.join(" ");
    if (key === this.#drawn) return;
    this.#drawn = key;
    const { zero, bars, ends } = waterfall(parts, BARS_HEIGHT);
    for (const [index, step] of this.#steps.entries()) {
      const bar = bars[index];
      if (bar === undefined) continue;
      const isTotal = index === this.#steps.length - 1;
      setAll(step.zero, { y1: zero, y2: zero });
      setAll(step.bar, { y: bar.y, height: bar.height, class: `bar-${bar.direction}` });
      const into = index === 0 ? "" : `M0 ${ends[index - 1] ?? zero}H${BAR_X}`;
      const on = isTotal ? "" : `M${BAR_X + BAR_WIDTH} ${ends[index] ?? zero}H999`;
      setAll(step.link, { d: into + on });
    }
  }
}

function stepOf(item: HTMLLIElement, isTotal: boolean): Step {
  const svg = within(item, "svg", SVGElement);
  const step = {
    figure: new Cell(within(item, "[data-figure]", HTMLElement)),
    why: isTotal ? null : new Cell(within(item, ".why", HTMLElement)),
    zero: madeSvg("line", { class: "bar-zero", x2: "100%" }),
    link: madeSvg("path", { class: "bar-link", d: "" }),
    bar: madeSvg("rect", { x: BAR_X, width: BAR_WIDTH, height: 0, rx: 1 }),
  };
  svg.replaceChildren(step.zero, step.link, step.bar);
  return step;
}
