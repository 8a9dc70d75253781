"""The sections of a report, one module each, in the order of the template."""
