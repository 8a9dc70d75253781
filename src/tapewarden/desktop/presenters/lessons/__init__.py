"""Guided lessons: what is taught, and how far a student has come. A lesson's words are in ``content``."""
