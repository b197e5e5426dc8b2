// What every server of the benchmark does when told on standard input: ticks, at a pace, as benchmarks/fanout/driving.py describes.

import { createInterface } from "node:readline";

const STAMPS = 1_000_000_000;
const PREVIOUS_CLOSE = 100;

const seconds = () => Number(process.hrtime.bigint()) / 1e9;

/** A tick as every peer says it; its price is the microsecond at which it was due. */
export function quote(symbol, at) {
  const price = (Math.round(at * 1e6) % STAMPS || 1) / 100;
  return {
    symbol,
    price,
    change: Math.round(price - PREVIOUS_CLOSE),
    currency: "USD",
    previous_close: PREVIOUS_CLOSE,
    time: new Date().toISOString(),
    quality: "live",
    source: "synthetic",
  };
}

/** Says where it listens, then carries out orders until standard input ends. */
export async function obey(port, symbolCount, deliver) {
  console.log(`127.0.0.1:${port}`);
  let made = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    const began = seconds();
    for (let first = 0; first < order.ticks; first += order.burst) {
      const due = began + first / order.per_second;
      const wait = due - seconds();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      else await new Promise((resolve) => setImmediate(resolve));
      const at = wait > 0 ? seconds() : due;
      for (let each = 0; each < Math.min(order.burst, order.ticks - first); each += 1) {
        const symbol = `S${String(made++ % symbolCount).padStart(3, "0")}`;
        deliver(symbol, quote(symbol, at));
      }
    }
    console.log(JSON.stringify({ ticks: order.ticks }));
  }
  process.exit(0);
}
