"""Leaks on the desk: what searches found, whose, in which tiers, and which accounts fit."""
