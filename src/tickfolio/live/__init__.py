"""THE ENGINE: ticks in, frames out. No Django."""
