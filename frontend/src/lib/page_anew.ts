/**
 * The page that stands here as the server would answer now; null where it leads elsewhere or is not there any more. It throws
 * where there is no connection.
 */
export async function pageAnew(): Promise<Document | null> {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
