/** What the classes of instruments are called; the same names stand in src/tickfolio/web/class_names.py. */
import { phrase } from "../lib/words";

export const CLASS_NAMES: { readonly [name: string]: string } = {
  equity: phrase("Shares"),
  fund: phrase("Funds"),
  bond: phrase("Bonds"),
  option: phrase("Options"),
  crypto: phrase("Crypto"),
  commodity: phrase("Commodities"),
  other: phrase("Other"),
  cash: phrase("Cash"),
};
