"""The page of whoever was told: opened by a code in the reader's own browser, also without us."""
