/** Links from figures to how they came about. */

/** A figure that is there leads to `address`; one that is not leads nowhere. */
export function leadTo(link: HTMLAnchorElement, address: string | null): void {
  if (address === null) link.removeAttribute("href");
  else if (!(link.getAttribute("href") ?? "").endsWith(address)) link.setAttribute("href", address);
}

/** The links in an element that name their figure. */
export function explainLinks(parent: ParentNode): readonly HTMLAnchorElement[] {
  return [...parent.querySelectorAll<HTMLAnchorElement>("a.explain[data-explain]")];
}
