"""The breach desk: contact cases, by which officers reach the patients of a list. Never charts."""
