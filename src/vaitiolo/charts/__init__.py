"""Charts, notes and signatures: what was said, sealed for the care team."""
