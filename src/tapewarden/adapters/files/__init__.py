"""Importing files: presets for known formats, and mappings for everybody's own."""

from tapewarden.adapters.files.presets import PRESETS, Preset, find_preset
from tapewarden.adapters.files.rejects import Rejects
from tapewarden.adapters.files.session import Importer, Session

__all__ = ["PRESETS", "Importer", "Preset", "Rejects", "Session", "find_preset"]
