"""Wires the rooms together: settings, addresses, start-up of each program. Nobody imports it."""
