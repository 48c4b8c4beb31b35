"""The parts of scripts/bench: inputs, measurements, rows, and what is written about them."""
