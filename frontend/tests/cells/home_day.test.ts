import { describe, expect, test } from "vitest";
import { classSlices, summedTotals, withoutValue } from "../../src/cells/home_day";
import { hasValue } from "../../src/cells/totals";
import { summed } from "../../src/lib/decimal";
import { cash, held, totals, unpriced } from "./held";

describe("portfolios of one currency together", () => {
  test("have the sums of their totals, and percentages of those", () => {
    const day = { day: "10.00", day_price: "8.00", day_trading: "0.00", day_currency: "1.00", day_income: "2.00" };
    const rest = { day_fees: "-1.00", day_taxes: "0.00", day_opening: "1000.00" };
    const one = totals({ ...day, ...rest, value: "1.10", unrealized: "50.00", cost_unsigned: "200.00" });
    const other = totals({ ...day, ...rest, value: "2.20", unrealized: "50.00", cost_unsigned: "200.00" });
    const whole = summedTotals([one, other]);
    expect(whole).toMatchObject({ value: "3.30", day: "20.00", day_percent: "1.00", unrealized_percent: "25.00" });
    expect(whole?.priced).toBe(one.priced * 2);
    const parts = whole === null ? [] : [whole.day_price, whole.day_trading, whole.day_currency, whole.day_income];
    expect(summed([...parts, whole?.day_fees ?? "", whole?.day_taxes ?? ""])).toBe("20.00");
  });

  test("have nothing to show where a sum would be wrong", () => {
    const nothing = withoutValue(totals({ value: "5.00", day: "1.00", priced: 3, unpriced: 0 }));
    expect(hasValue(nothing)).toBe(false);
    expect(nothing).toMatchObject({ currency: "EUR", day_percent: null });
  });

  test("have the oldest price of any, and the newest day", () => {
    const early = { oldest_symbol: "SIE", oldest_time: "2012-05-21T14:00:00Z", reference_day: "2012-05-17" };
    const late = { oldest_symbol: "IBM", oldest_time: "2012-05-21T15:00:00Z", reference_day: "2012-05-18" };
    const none = { oldest_symbol: null, oldest_time: null, reference_day: null };
    expect(summedTotals([totals(late), totals(none), totals(early)])).toMatchObject({
      oldest_symbol: "SIE",
      reference_day: "2012-05-18",
    });
    expect(summedTotals([totals(none)])).toMatchObject({ oldest_symbol: null, reference_day: null });
    expect(summedTotals([])).toBeNull();
  });

  test("are divided by class, the largest first, and cash last", () => {
    const slices = classSlices([
      cash({ value: "999.00" }),
      held({ instrument_class: "fund", value: "5.00" }),
      held({ instrument_class: "equity", value: "4.00" }),
      held({ instrument_class: "equity", value: "3.00" }),
      held({ instrument_class: "option", value: "-1.00" }),
      unpriced(),
    ]);
    expect(slices.map(({ name, value }) => `${name} ${value}`)).toEqual(["Shares 7.00", "Funds 5.00", "Cash 999.00"]);
    expect(classSlices([unpriced()])).toEqual([]);
  });
});
