"""A person who has no mouse: every way is a key, and where the focus is must be seen at each stop on it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

MOST_STOPS = 160
"""No page has more between where somebody is and what they want."""
STOP = """(wanted) => {
  const focused = document.activeElement;
  const told = (element) => `${element.localName}#${element.id}.${element.className} ${element.outerHTML.slice(0, 160)}`;
  if (focused === null || focused === document.body) return { isThere: false, unseen: '' };
  const isRing = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
    && !/rgba?\\(.*, 0\\)|transparent/.test(style.outlineColor);
  const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim();
  const probe = document.createElement('i');
  probe.style.setProperty('color', 'var(--accent)');
  document.body.append(probe);
  const accentColour = getComputedStyle(probe).color;
  probe.remove();
  const rings = [getComputedStyle(focused), getComputedStyle(focused, '::after'), getComputedStyle(focused, '::before')];
  for (let each = focused.parentElement, level = 0; each !== null && level < 3; each = each.parentElement, level += 1)
    if (each.matches('label, .entry, .entry *')) rings.push(getComputedStyle(each));
  const shape = focused.querySelector(':scope > rect');
  const isSeen = rings.some(isRing) || getComputedStyle(focused).borderBlockEndColor === accentColour
    || (shape !== null && getComputedStyle(shape).stroke === accentColour);
  const box = focused.getBoundingClientRect();
  const isInSight = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
  const unseen = isSeen && isInSight ? '' : `${isSeen ? 'out of sight' : 'no ring'} (${accent}): ${told(focused)}`;
  return { isThere: wanted !== null && (focused === wanted || wanted.contains(focused)), unseen };
}"""
"""Whether the focus is on what is wanted, and what is wrong with how it is seen."""


@dataclass(frozen=True)
class Keys:
    """The keyboard of somebody at a page. Nothing here moves the focus but keys, and nothing clicks."""

    page: Page

    def to(self, wanted: Locator, *, backwards: bool = False) -> None:
        """Goes on with Tab until the focus is on `wanted` or in it; each stop on the way must be seen."""
        stops: list[str] = []
        for _ in range(MOST_STOPS):
            stop = wanted.first.evaluate(STOP)  # looked for anew: a part of the page may be another by now
            assert not stop["unseen"] or not stops, f"stop {len(stops)} is not seen: {stop['unseen']}"
            if stop["isThere"]:
                return
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
            stops.append(self.page.evaluate("document.activeElement.outerHTML.slice(0, 90)"))
        raise AssertionError(f"{wanted} is not reached by Tab; of the stops the last were {stops[-12:]}")

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other, wherever the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def use(self, wanted: Locator, *keys: str) -> None:
        """Goes to `wanted` and presses keys there: Enter where none is given."""
        self.to(wanted)
        self.press(*(keys or ("Enter",)))

    def fill(self, wanted: Locator, text: str) -> None:
        """Goes to a field and types in it, over what is there."""
        self.to(wanted)
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator, name: str) -> None:
        """Goes to a list of choices and takes one by its first letters."""
        self.to(wanted)
        self.page.keyboard.type(name)
