"""The built-in detectors: one file per typology, each with a module-level `DETECTOR`, and nothing else."""
