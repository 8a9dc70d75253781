"""Importing anybody's files: a mapping in TOML says what their columns mean."""

from tapewarden.adapters.files.mapping.importing import importer_of
from tapewarden.adapters.files.mapping.schema import Mapping, load_mapping

__all__ = ["Mapping", "importer_of", "load_mapping"]
