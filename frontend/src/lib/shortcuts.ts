/**
 * The keys of a page. Each part of a page registers those that it has, and the help sheet lists what is registered.
 *
 * Keys of one character can be turned off on a device (WCAG 2.1.4); what a part of the page hears only while it has the focus
 * is told here and heard there.
 */

import { remember, remembered } from "./device";
import { isTyping } from "./dom";
import { phrase } from "./words";

const COOKIE = "keys";
/** The second key of two is waited for so long. */
const PATIENCE_MS = 1_500;

export type Group = "On this page" | "Go to" | "Everywhere";

export interface Shortcut {
  /** One after the other, as `event.key` has them in small letters; with Shift where a letter needs it: `shift+p`. */
  readonly keys: readonly string[];
  /** How the keys are told, where it is not by their names. */
  readonly told?: string;
  readonly does: string;
  readonly group: Group;
  /** Absent where a part of the page hears the key itself while it has the focus. */
  readonly run?: (event: KeyboardEvent) => void;
}

export class Shortcuts {
  readonly #registered = new Set<Shortcut>();
  #begun = "";
  #begunAt = Number.NEGATIVE_INFINITY;

  /** Of two with the same keys the one that was registered last, which is nearest to the page. */
  get all(): readonly Shortcut[] {
    const all = [...this.#registered];
    const later = (at: number, keys: string): boolean => all.slice(at + 1).some((each) => each.keys.join(" ") === keys);
    return all.filter(({ keys }, at) => keys.length === 0 || !later(at, keys.join(" ")));
  }

  /** Adds keys, until the answer is called. */
  register(...shortcuts: readonly Shortcut[]): () => void {
    for (const shortcut of shortcuts) this.#registered.add(shortcut);
    return () => {
      for (const shortcut of shortcuts) this.#registered.delete(shortcut);
    };
  }

  /** Does what the key is for; none while somebody types, a dialog is open or single keys are turned off. */
  pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.repeat || isTyping(event) || !hasSingleKeys() || isDialogOpen()) return;
    const key = nameOf(event);
    const isSecond = this.#begun !== "" && event.timeStamp - this.#begunAt <= PATIENCE_MS;
    const found = this.#found(isSecond ? [this.#begun, key] : [key]) ?? (isSecond ? this.#found([key]) : undefined);
    this.#begun = "";
    if (found !== undefined) {
      event.preventDefault();
      found.run?.(event);
    } else if (this.all.some(({ keys, run }) => run !== undefined && keys.length > 1 && keys[0] === key)) {
      this.#begun = key;
      this.#begunAt = event.timeStamp;
    }
  }

  #found(pressed: readonly string[]): Shortcut | undefined {
    return this.all.find(
      ({ keys, run }) =>
        run !== undefined && keys.length === pressed.length && keys.every((key, at) => key === pressed[at]),
    );
  }
}

/** Those of this page. */
export const shortcuts = new Shortcuts();

export function hasSingleKeys(): boolean {
  return remembered(COOKIE) !== "off";
}

export function setSingleKeys(isOn: boolean): void {
  remember(COOKIE, isOn ? "on" : "off");
}

/** How the keys are told: `G then H`, `Shift P`; what is on the keys of the reader’s keyboard, with spaces between. */
export function toldKeys({ keys, told }: Shortcut): string {
  return told ?? keys.map(nameTold).join(" then ");
}

function nameTold(key: string): string {
  const shift = phrase("Shift");
  return key.startsWith("shift+") ? `${shift} ${nameTold(key.slice(6))}` : key.length === 1 ? key.toUpperCase() : key;
}

function nameOf({ key, shiftKey }: KeyboardEvent): string {
  if (!/^\p{L}$/u.test(key)) return key;
  return shiftKey ? `shift+${key.toLowerCase()}` : key.toLowerCase();
}

function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
