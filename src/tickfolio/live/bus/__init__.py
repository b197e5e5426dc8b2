"""What carries ticks and wake-ups from the feeds to the engines. It only wakes; truth is elsewhere."""
