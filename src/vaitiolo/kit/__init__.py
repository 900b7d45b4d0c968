"""Small tools that know nothing of therapy."""
