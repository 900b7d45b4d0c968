"""Invents a clinic from a seed: units, staff, patients, notes, appointments. Nobody in it lives."""
