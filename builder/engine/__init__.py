"""Engines that run the SQL steps: read, run, repeat until unchanged, materialise; they decide nothing."""
