"""A case as one file that proves itself: to whoever has it and the public key, without server and store."""

from tapewarden.cases.bundle.checking import BundleVerdict, verify_bundle
from tapewarden.cases.bundle.packing import Contents, Manifest, pack

__all__ = ["BundleVerdict", "Contents", "Manifest", "pack", "verify_bundle"]
