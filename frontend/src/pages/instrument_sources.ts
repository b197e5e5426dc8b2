/** The source in use in the table of quote sources, live; the others stand as the server said them. */

import { Cell, type CellBoard } from "../cells/board";
import { type QualityContext, qualityNow, SPOKEN_QUALITIES } from "../cells/quality";
import { DASH, priceText } from "../lib/decimal";
import { ageText, millis } from "../lib/times";
import type { QuoteRow } from "../live/messages.gen";
import { whenText } from "./instrument_head";

export class SourceInUse {
  readonly #board: CellBoard;
  readonly #row = document.querySelector<HTMLElement>("#sources [data-in-use]");
  readonly #shape = this.#row?.querySelector(".shape") ?? null;
  readonly #cells: ReadonlyMap<string, Cell>;

  constructor(board: CellBoard) {
    this.#board = board;
    const found = [...(this.#row?.querySelectorAll<HTMLElement>("[data-figure]") ?? [])];
    this.#cells = new Map(found.map((each) => [each.dataset["figure"] ?? "", new Cell(each)]));
  }

  /** As quotes carry it; empty where there is none. */
  get name(): string {
    return this.#row?.dataset["source"] ?? "";
  }

  /** What people call it. */
  get title(): string {
    return this.#row?.querySelector("[data-figure='title']")?.textContent ?? "";
  }

  show(row: QuoteRow, at: QualityContext): void {
    const time = millis(row.source_time);
    if (this.name !== row.source || time === null) return;
    const quality = qualityNow(row.quality, at.isCurrent);
    const className = `shape shape-${quality}`;
    if (this.#shape !== null && this.#shape.getAttribute("class") !== className) {
      this.#shape.setAttribute("class", className);
      this.#shape.parentElement?.setAttribute("data-quality", quality);
    }
    this.#set("word", SPOKEN_QUALITIES[quality]);
    this.#set("price", row.price === null ? DASH : priceText(row.price, row.price_places));
    this.#set("when", whenText(time, at));
    this.#set("age", ageText((at.marketTime ?? time) - time));
  }

  #set(name: string, text: string): void {
    const cell = this.#cells.get(name);
    if (cell !== undefined) this.#board.set(cell, { text });
  }
}
