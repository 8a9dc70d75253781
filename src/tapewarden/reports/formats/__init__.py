"""The formats of reports, one module each, with the templates and the schema that they use."""
