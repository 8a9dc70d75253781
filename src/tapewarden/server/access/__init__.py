"""Who may call the server, over what, and how much at once."""

from tapewarden.server.access.callers import Access
from tapewarden.server.access.gate import Gate
from tapewarden.server.access.limits import Limits
from tapewarden.server.access.tls import ServerTls, check_listening

__all__ = ["Access", "Gate", "Limits", "ServerTls", "check_listening"]
