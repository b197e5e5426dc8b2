/**
 * The page at `address`, the one that stands here if none is given, as the server would answer now; null where it leads
 * elsewhere or is not there any more. It throws where there is no connection, or where `signal` ends it.
 */
export async function pageAnew(address = location.href, signal: AbortSignal | null = null): Promise<Document | null> {
  const response = await fetch(address, { headers: { Accept: "text/html" }, signal });
  if (!response.ok || response.redirected) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
