"""The option that says where a server's data are, for commands that work on them without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tapewarden.cases.place import FOLDER

DATA = FOLDER
Data = Annotated[
    Path,
    typer.Option("--data", metavar="DIR", envvar="TAPEWARDEN_DATA", help="The folder of the server's data."),
]
