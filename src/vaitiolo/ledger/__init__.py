"""The tamper-evident record: append only, by tag and commitment, never personal data."""
