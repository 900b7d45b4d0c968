"""What people are told after a breach: codes, pages, words. It asks nobody and opens nothing."""
