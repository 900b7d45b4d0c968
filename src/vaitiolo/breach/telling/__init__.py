"""Telling people: a plan, a second officer, waves, letters, calls, and what became of each."""
