/** The tiles of a portfolio's map: what is held, within the parts that it belongs to. Pure: values in, values out. */

import { compared, summed, weightText } from "../lib/decimal";
import { groupedBy } from "../lib/groups";
import { phrase } from "../lib/words";
import type { PortfolioRow } from "../live/messages.gen";
import type { Part } from "./parts";

export interface Tile {
  readonly key: string;
  readonly part: string;
  readonly name: string;
  /** Of an instrument, what its symbol stands for. */
  readonly detail: string;
  readonly row: PortfolioRow;
  readonly value: string;
  /** As it is shown. */
  readonly weight: string;
  readonly day: string | null;
  /** Of the price since the close before, in percent; cash has none. */
  readonly change: string | null;
}

/** One tile for each instrument, and for the cash and the dividends of each currency, in each part. Nothing below zero has one, be it the part. */
export function tiles(parts: readonly Part[], whole: string): readonly Tile[] {
  const shown = parts.filter(({ value }) => compared(value, "0") > 0);
  return shown.flatMap((part) =>
    [...groupedBy(part.rows, (row) => `${row.kind} ${row.symbol}`)].flatMap(([key, rows]): Tile[] => {
      const [row] = rows;
      const value = summed(rows.map((each) => each.value));
      if (row === undefined || value === null || compared(value, "0") <= 0) return [];
      const isHolding = row.kind === "holding";
      const days = rows.map((each) => each.day).filter((day) => day !== null);
      return [
        {
          key: `${part.key} ${key}`,
          part: part.key,
          name: isHolding
            ? row.symbol
            : row.kind === "cash"
              ? phrase("{currency} cash", { currency: row.symbol })
              : phrase("{symbol} dividend due", { symbol: row.symbol }),
          detail: isHolding && row.name !== row.symbol ? row.name : "",
          row,
          value,
          weight: weightText(value, whole),
          day: days.length === 0 ? null : summed(days),
          change: isHolding ? row.change_percent : null,
        },
      ];
    }),
  );
}
