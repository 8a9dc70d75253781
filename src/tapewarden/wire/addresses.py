"""Addresses as gRPC takes them, such as `127.0.0.1:7410`, `[::1]:7410` or `unix:/run/tapewarden.sock`."""

from __future__ import annotations

from ipaddress import ip_address

from tapewarden.domain.errors import ConfigurationError


def is_local(address: str) -> bool:
    """Whether only this machine can be reached under the address, or can reach it.

    Names other than `localhost` count as remote, whatever they resolve to.

    Raises:
        ConfigurationError: It is no address with a port.
    """
    if address.startswith("unix:"):
        return True
    host, colon, port = address.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and int(port) < 65536):
        raise ConfigurationError(f"expected an address such as 127.0.0.1:7410, received {address!r}")
    if host == "localhost":
        return True
    try:
        return ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False
