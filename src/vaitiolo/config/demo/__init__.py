"""`vaitiolo demo`: a synthetic clinic, founded, filled and started on this machine only."""
