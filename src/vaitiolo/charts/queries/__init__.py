"""Every reading of the charts room. What is shown was opened, and recorded, before it came here."""
