"""Plays the theft of 2018 to 2020 again: against the same people in clear, then against us."""
