/** What this device remembers, in cookies, so that the server's first paint knows it too. */

const ONE_YEAR_S = 31_536_000;

export function remembered(name: string): string {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}

/** Remembers it for a year; nothing forgets it. */
export function remember(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet.
  document.cookie = `${name}=${value}; path=/; max-age=${value === "" ? 0 : ONE_YEAR_S}; samesite=lax${secure}`;
}
