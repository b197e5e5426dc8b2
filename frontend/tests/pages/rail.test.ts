// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from "vitest";
import { CellBoard } from "../../src/cells/board";
import type { VisiblePortfolio } from "../../src/live/messages.gen";
import { Rail } from "../../src/pages/rail";
import { startSwitcher } from "../../src/pages/switcher";
import { totals } from "../cells/held";

const LINK =
  '<a class="rail-link" href="" data-portfolio=""><span class="rail-name"></span>' +
  '<span class="rail-day"><span class="flat num" data-figure="day-percent">—</span></span></a>';
const ITEM =
  '<a class="menu-item" href="" data-portfolio="" data-switch=""><span class="rail-name"></span><span class="unit"></span></a>';

function listed(template: string, id: string, name: string): string {
  const named = template.replace('class="rail-name">', `class="rail-name">${name}`);
  return named
    .replace('data-portfolio=""', `data-portfolio="${id}"`)
    .replace('data-switch=""', `data-switch="${name}"`);
}

function seen(id: string, name: string, currency = "EUR"): VisiblePortfolio {
  return { id, name, currency, role: "owner" };
}

beforeEach(() => {
  document.body.innerHTML =
    `<div id="rail-portfolios">${listed(LINK, "p1", "Long term")}${listed(LINK, "p2", "Pension")}</div>` +
    `<div id="portfolios"><input><a class="menu-item" href="/">All</a><div id="switcher-portfolios">` +
    `${listed(ITEM, "p1", "Long term")}${listed(ITEM, "p2", "Pension")}</div></div>` +
    `<template id="rail-template">${LINK}</template><template id="switcher-template">${ITEM}</template>`;
});

describe("the side bar", () => {
  const names = (list: string): readonly (string | null)[] =>
    [...document.querySelectorAll(`#${list} .rail-name`)].map((name) => name.textContent);

  test("a portfolio's day follows its totals", () => {
    vi.useFakeTimers();
    const rail = new Rail(new CellBoard());
    rail.show("p1", totals({ day_percent: "-0.12" }));
    rail.show("unknown", totals());
    vi.advanceTimersToNextFrame();
    const percent = document.querySelector("[data-portfolio='p1'] [data-figure]");
    expect([percent?.textContent, percent?.classList.contains("down")]).toEqual(["−0.12 %", true]);
    vi.useRealTimers();
  });

  test("what comes, goes, is renamed or moves is so in both lists, and what stays keeps its element", () => {
    const rail = new Rail(new CellBoard());
    const kept = document.querySelector("#rail-portfolios [data-portfolio='p1']");
    rail.arrange([seen("p3", "Dollars", "USD"), seen("p1", "Long run")]);
    for (const list of ["rail-portfolios", "switcher-portfolios"]) expect(names(list)).toEqual(["Dollars", "Long run"]);
    expect(document.querySelector("#rail-portfolios [data-portfolio='p1']")).toBe(kept);
    expect(document.querySelector("#switcher-portfolios [data-portfolio='p3'] .unit")?.textContent).toBe("USD");
    expect(document.querySelector("[data-portfolio='p3']")?.getAttribute("href")).toBe("/portfolios/p3/");
    expect(rail.portfolios).toEqual(["p1", "p3"]);
  });
});

describe("the switcher", () => {
  const shown = (): readonly (string | undefined)[] =>
    [...document.querySelectorAll<HTMLElement>("[data-switch]:not([hidden])")].map((item) => item.dataset["switch"]);

  test("it filters as one types, and the arrow keys walk along what is left", () => {
    startSwitcher();
    const input = document.querySelector("input");
    if (input === null) throw new Error("no filter");
    input.value = "PEN";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    expect(shown()).toEqual(["Pension"]);
    input.focus();
    for (const key of ["ArrowDown", "ArrowDown"]) {
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    }
    expect((document.activeElement as HTMLElement).dataset["switch"]).toBe("Pension");
  });
});
