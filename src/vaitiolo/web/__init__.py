"""Base templates, components, static files, security headers and how a refusal looks."""
