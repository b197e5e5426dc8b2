/** Today's chart: line, axes, crosshair by pointer and arrow keys, tooltip, the sentence that names it, and its table. */

import { made } from "../lib/dom";
import { isPrivate, onPrivacyChange } from "../lib/privacy";
import { phrase, phraseFor } from "../lib/words";
import { type ChartColours, chartColours } from "./colours";
import { bookedWords } from "./day_marks";
import { MinuteTable } from "./minute_table";
import { axisLength, type Layout, Overlay, plotSize } from "./overlay";
import { listenToPointing } from "./pointing";
import { nearestMinute, timeScale, valueScale, xOf } from "./scale";
import { chartSentence, minuteFacts } from "./sentence";
import { SessionCanvas } from "./session_canvas";
import { type Minute, PRICE_WORDS, type SessionLine } from "./session_line";
import { steppedTo } from "./stepping";

const TIP_GAP = 14;
const TABLE_EVERY_MS = 2_000;
/** How many characters charts.css leaves room for. */
const USUAL_AXIS_LENGTH = 8;

export class SessionChart {
  readonly #container: HTMLElement;
  readonly #figure = made("div", "session-figure");
  readonly #plot = made("div", "session-plot");
  readonly #overlay = new Overlay();
  readonly #tip = made("dl", "chart-tip");
  readonly #said = made("p", "visually-hidden");
  readonly #table = new MinuteTable();
  readonly #canvas: SessionCanvas;
  #line: SessionLine | null = null;
  #currency = "";
  #drawn: Layout | null = null;
  /** Counted from the first minute; null where nothing is pointed at. */
  #pointed: number | null = null;
  #tabledAt = 0;
  readonly #sizes = new ResizeObserver(() => this.#resized());
  readonly #stopHiding = onPrivacyChange(() => this.#name());

  constructor(container: HTMLElement) {
    this.#container = container;
    this.#tip.hidden = true;
    this.#figure.tabIndex = 0;
    this.#figure.setAttribute("role", "img");
    this.#said.setAttribute("aria-live", "polite");
    this.#figure.append(this.#overlay.under, this.#plot, this.#overlay.over, this.#tip);
    container.replaceChildren(this.#figure, this.#table.element, this.#said);
    this.#canvas = new SessionCanvas(this.#plot);
    this.recolour();
    this.#listen();
  }

  /** Shows another line, or the same one loaded anew. */
  show(line: SessionLine, currency: string): void {
    const isOther = line.frame.symbol !== this.#line?.frame.symbol;
    this.#line = line;
    this.#currency = currency;
    if (isOther) this.#point(null);
    this.#redraw();
  }

  /** The last minute of the line has changed, or there is a new one. */
  extended(): void {
    const line = this.#line;
    const layout = this.#layout();
    const { last } = line ?? {};
    if (line === null || layout === null || last === undefined) return;
    if (this.#drawn?.time.count !== layout.time.count || this.#drawn.time.from !== layout.time.from) this.#redraw();
    else {
      this.#canvas.extend(layout.values);
      this.#draw(line, layout);
    }
  }

  recolour(): void {
    const colours: ChartColours = chartColours(this.#container);
    this.#canvas.colour(colours);
  }

  remove(): void {
    this.#sizes.disconnect();
    this.#stopHiding();
    this.#canvas.remove();
  }

  get isTable(): boolean {
    return !this.#table.element.hidden;
  }

  /** Shows the table in the chart's place, or the chart again. */
  toggleTable(): void {
    const isTable = !this.isTable;
    this.#table.element.hidden = !isTable;
    if (isTable) {
      if (this.#line !== null) this.#table.show(this.#line);
      this.#table.element.focus();
    } else this.#figure.focus();
  }

  #layout(): Layout | null {
    if (this.#line === null) return null;
    const time = timeScale(this.#line);
    const values = valueScale(this.#line);
    return time === null || values === null ? null : { ...plotSize(this.#plot), time, values };
  }

  #redraw(): void {
    const line = this.#line;
    // Before the plot is measured: a price of six digits needs more room beside it.
    if (line !== null) this.#container.toggleAttribute("data-wide-axis", axisLength(line) > USUAL_AXIS_LENGTH);
    const layout = this.#layout();
    if (line === null || layout === null) return;
    this.#canvas.show(line, layout.time, layout.values);
    this.#drawn = null;
    this.#draw(line, layout);
  }

  #draw(line: SessionLine, layout: Layout): void {
    if (!isSameFrame(this.#drawn, layout)) this.#overlay.drawFrame(line, layout);
    this.#drawn = layout;
    this.#overlay.drawLast(line, layout);
    this.#drawPointed(line, layout);
    this.#name();
    const now = performance.now();
    if (this.isTable && now - this.#tabledAt >= TABLE_EVERY_MS) {
      this.#tabledAt = now;
      this.#table.show(line);
    }
  }

  #name(): void {
    if (this.#line !== null) this.#figure.setAttribute("aria-label", chartSentence(this.#line, this.#currency));
  }

  #drawPointed(line: SessionLine, layout: Layout): void {
    const minute = this.#pointed === null ? null : (line.minutes[this.#pointed] ?? null);
    this.#overlay.drawCross(line, minute, layout);
    this.#tip.hidden = minute === null;
    if (minute !== null) this.#placeTip(line, minute, layout);
  }

  #placeTip(line: SessionLine, minute: Minute, layout: Layout): void {
    const facts = minuteFacts(line, minute);
    const entries: readonly (readonly [string, string | null])[] = [
      [(line.frame.words ?? PRICE_WORDS).value, `${facts.price} ${this.#currency}`],
      [phraseFor("a price", "Change"), facts.change],
      ["", facts.changePercent],
    ];
    const told = entries.flatMap(([name, value]) => {
      if (value === null) return [];
      const shown = made("dd", "num");
      // The percent has no name of its own, and stays where amounts are hidden.
      shown.append(made("span", line.frame.isAmount === true && name !== "" ? "amount" : "", value));
      return [made("dt", "", name), shown];
    });
    const booked = bookedWords(line.frame.marks ?? [], minute.at);
    const extra = booked === "" ? [] : [made("dd", "when", booked)];
    this.#tip.replaceChildren(made("dd", "when num", facts.when), ...told, ...extra);
    const x = xOf(minute.at, layout.time, layout.width);
    const isRight = x > layout.width / 2;
    const left = isRight ? x - TIP_GAP - this.#tip.offsetWidth : x + TIP_GAP;
    this.#tip.style.translate = `${Math.round(left)}px 8px`;
  }

  #point(index: number | null): void {
    this.#pointed = index;
    const layout = this.#drawn;
    if (this.#line !== null && layout !== null) this.#drawPointed(this.#line, layout);
  }

  #listen(): void {
    listenToPointing(this.#figure, {
      at: (event) => this.#pointAt(event),
      leave: () => this.#point(null),
      step: (event) => this.#step(event),
    });
    this.#sizes.observe(this.#container);
  }

  #resized(): void {
    const layout = this.#layout();
    if (this.#line === null || layout === null || isSameFrame(this.#drawn, layout)) return;
    this.#canvas.fit(layout.time);
    this.#draw(this.#line, layout);
  }

  #pointAt(event: PointerEvent): void {
    const layout = this.#drawn;
    if (this.#line === null || layout === null || this.#line.minutes.length === 0) return;
    const x = event.clientX - this.#figure.getBoundingClientRect().left;
    this.#point(nearestMinute(this.#line, x, layout.time, layout.width));
  }

  /** Left and right move by a minute, with Shift by ten; Home and End go to the edges, Escape leaves. */
  #step(event: KeyboardEvent): void {
    const target = steppedTo(event, this.#pointed, this.#line?.minutes.length ?? 0);
    if (target === undefined) return;
    event.preventDefault();
    this.#point(target);
    this.#say();
  }

  #say(): void {
    const minute = this.#pointed === null ? undefined : this.#line?.minutes[this.#pointed];
    if (this.#line === null || minute === undefined) return;
    const { when, price, changePercent } = minuteFacts(this.#line, minute);
    const isHidden = this.#line.frame.isAmount === true && isPrivate();
    const booked = bookedWords(this.#line.frame.marks ?? [], minute.at);
    const told = [when, isHidden ? phrase("value hidden") : price, changePercent, booked];
    this.#said.textContent = told.filter((part) => part !== null && part !== "").join(", ");
  }
}

function isSameFrame(drawn: Layout | null, layout: Layout): boolean {
  return (
    drawn !== null &&
    drawn.width === layout.width &&
    drawn.height === layout.height &&
    drawn.values.low === layout.values.low &&
    drawn.values.high === layout.values.high &&
    drawn.time.from === layout.time.from &&
    drawn.time.count === layout.time.count
  );
}
