"""Every write of the charts room: drafts, signatures, the care team, a register brought in."""
