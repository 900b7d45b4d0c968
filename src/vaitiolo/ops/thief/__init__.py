"""Takes what a thief could take and reads it as a thief would. It changes nothing it finds."""
