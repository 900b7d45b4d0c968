"""What people are told, in which words and when. Words and plain values; it opens nothing."""
