/**
 * The theme button: as the system, light, dark. The choice is a cookie, so that the server's first paint has it; of a
 * signed-in person the server also keeps it, by the form around the button, which does the same without a script.
 */

import { byId } from "../lib/dom";
import { phrase } from "../lib/words";

const CHOICES = ["", "light", "dark"] as const;
type Choice = (typeof CHOICES)[number];

const NAMES: { readonly [choice in Choice]: string } = {
  "": phrase("as the system"),
  light: phrase("light"),
  dark: phrase("dark"),
};
const ONE_YEAR_S = 31_536_000;

export function startTheme(): void {
  const button = byId("theme-button", HTMLButtonElement);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const now = CHOICES.findIndex((choice) => choice === (document.documentElement.dataset["theme"] ?? ""));
    const choice = CHOICES[(now + 1) % CHOICES.length] ?? "";
    apply(choice, button);
    if (button.form !== null) keep(choice, button.form);
  });
}

/** Has the server keep the choice. When it cannot be reached, the cookie keeps it in this browser. */
function keep(choice: Choice, form: HTMLFormElement): void {
  const body = new FormData(form);
  body.set("theme", choice);
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => undefined);
}

function apply(choice: Choice, button: HTMLButtonElement): void {
  const root = document.documentElement;
  if (choice === "") delete root.dataset["theme"];
  else root.dataset["theme"] = choice;
  button.dataset["choice"] = choice;
  button.setAttribute("aria-label", phrase("Theme: {name}", { name: NAMES[choice] }));
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet.
  document.cookie = `theme=${choice}; path=/; max-age=${choice === "" ? 0 : ONE_YEAR_S}; samesite=lax${secure}`;
  document.dispatchEvent(new Event("themechange"));
}

/** Runs `work` whenever the colours may have changed, by the button or by the system. */
export function onThemeChange(work: () => void): void {
  document.addEventListener("themechange", work);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", work);
  matchMedia("(prefers-contrast: more)").addEventListener("change", work);
}
