"""Suspected misconduct and its legitimate look-alikes: one file per typology, with manipulators and twins."""
