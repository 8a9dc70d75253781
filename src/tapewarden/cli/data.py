"""The option that says where a server's data are, for commands that work on them without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

DATA: Final = Path("data")
"""Where a server keeps its data unless told otherwise."""

Data = Annotated[
    Path,
    typer.Option("--data", metavar="DIR", envvar="TAPEWARDEN_DATA", help="The folder of the server's data."),
]
