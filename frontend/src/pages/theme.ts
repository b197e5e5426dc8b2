/** The theme button: as the system, light, dark. The choice is a cookie, so that the server's first paint has it. */

import { byId } from "../lib/dom";

const CHOICES = ["", "light", "dark"] as const;
type Choice = (typeof CHOICES)[number];

const NAMES: { readonly [choice in Choice]: string } = { "": "as the system", light: "light", dark: "dark" };
const ONE_YEAR_S = 31_536_000;

export function startTheme(): void {
  const button = byId("theme-button", HTMLButtonElement);
  button.addEventListener("click", () => {
    const now = CHOICES.findIndex((choice) => choice === (document.documentElement.dataset["theme"] ?? ""));
    apply(CHOICES[(now + 1) % CHOICES.length] ?? "", button);
  });
}

function apply(choice: Choice, button: HTMLButtonElement): void {
  const root = document.documentElement;
  if (choice === "") delete root.dataset["theme"];
  else root.dataset["theme"] = choice;
  button.dataset["choice"] = choice;
  button.setAttribute("aria-label", `Theme: ${NAMES[choice]}`);
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
