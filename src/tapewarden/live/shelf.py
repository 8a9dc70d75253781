"""`Shelf`: models by their id, as they are kept, the last few of them at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

from tapewarden.anomaly.collection import ModelCollection

_AT_HAND: Final = 4  # champion, challenger, and two that signals are computed again by


class Shelf:
    """Takes models off the store. Any thread may ask."""

    def __init__(self, content: Callable[[str], bytes]) -> None:
        """``content`` gives the bytes of a model by its id."""
        self._content = content
        self._lock = Lock()
        self._models: OrderedDict[str, ModelCollection] = OrderedDict()

    def model(self, model_id: str) -> ModelCollection:
        """The models of this id.

        Raises:
            NotFoundError: There are none.
            InputError: Their bytes were altered since they were kept.
            ModelError: They are of another version of tapewarden, or of other features.
        """
        with self._lock:
            found = self._models.pop(model_id, None)
            if found is None:
                found = ModelCollection.of(self._content(model_id), f"model {model_id}")
            self._models[model_id] = found
            if len(self._models) > _AT_HAND:
                self._models.popitem(last=False)
            return found
