"""The breach desk: works from the ledger and people, never from charts."""
