/** What the classes of instruments are called; the same names stand in src/tickfolio/web/class_names.py. */
export const CLASS_NAMES: { readonly [name: string]: string } = {
  equity: "Shares",
  fund: "Funds",
  bond: "Bonds",
  option: "Options",
  crypto: "Crypto",
  commodity: "Commodities",
  other: "Other",
  cash: "Cash",
};
