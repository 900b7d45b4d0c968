"""The patients' own door: views and templates over what was released to them, no tables."""
