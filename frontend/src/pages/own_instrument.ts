/** The page of an instrument that only one portfolio knows: its position moves with the rates, and follows what is booked and typed. */

import { HeldPosition } from "./held_position";

const position = new HeldPosition({
  parts: ["own-head", "typed-prices", "position", "lots", "instrument-transactions", "instrument-facts"],
  hooks: {
    // A price that was typed changes the head and the list of prices, too.
    onEvent: ({ portfolio }) => {
      if (portfolio === position.portfolio) position.parts.soon();
    },
  },
});

position.start();
