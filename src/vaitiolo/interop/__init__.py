"""The machines' door: FHIR resources over the same actions and queries as the pages."""
