"""The long proof that a server loses nothing: killed again and again, and under load for long."""


class BrokenPromise(Exception):  # noqa: N818 - that is what it is
    """What a server promises, and what happened instead."""
