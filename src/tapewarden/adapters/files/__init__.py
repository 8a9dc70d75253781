"""Importing files: presets for known formats, and mappings for everybody's own."""

from tapewarden.adapters.files.mapping import importer_of, load_mapping
from tapewarden.adapters.files.presets import PRESETS, Preset, find_preset
from tapewarden.adapters.files.rejects import Rejects
from tapewarden.adapters.files.session import Importer, Session
from tapewarden.adapters.files.summary import Summary, import_files

__all__ = [
    "PRESETS",
    "Importer",
    "Preset",
    "Rejects",
    "Session",
    "Summary",
    "find_preset",
    "import_files",
    "importer_of",
    "load_mapping",
]
