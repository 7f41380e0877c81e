"""`helmetbelt serve`: the API of a store, on this machine only until there is authentication."""

import errno
import ipaddress
import socket
from pathlib import Path
from typing import Annotated

import typer

from helmetbelt.detector.card import card_names, read_card
from helmetbelt.detector.errors import HelmetbeltError
from helmetbelt.records.store import Store


class ServeError(HelmetbeltError, OSError):
    """The API cannot be offered at this address."""


def serve(
    store: Annotated[
        str,
        typer.Option(
            "--store",
            "-s",
            metavar="PATH|URL",
            envvar="HELMETBELT_STORE",
            help="SQLite file or PostgreSQL URL; one with a password is better given in the variable.",
        ),
    ],
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Loopback only: there is no login yet.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8080,
    evidence: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the evidence pictures.", show_default="evidence beside the file"),
    ] = None,
    create: Annotated[bool, typer.Option("--create", help="Make the SQLite file if it isn't there.")] = False,
) -> None:
    """Answer questions about what is stored over HTTP: cameras, rates, passages, violations, pictures."""
    with (
        listening_on(host, port) as listener,
        Store.open(store, create=create, evidence_root=evidence) as opened,
    ):
        shown, taken = f"[{host}]" if ":" in host else host, listener.getsockname()[1]
        typer.echo(f"store {opened.address}\nhttp://{shown}:{taken}/docs (Ctrl-C ends)")
        _run(opened, listener)


def listening_on(host: str, port: int) -> socket.socket:
    """A socket that takes connections from this machine only.

    Raises:
        ServeError: not a loopback address, or the port is taken or not allowed.
    """
    address = _loopback(host)
    listener = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ServeError(f"port {port} is taken by another program: choose another with --port") from None
        raise ServeError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return listener


def _loopback(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise ServeError(f"--host {host}: expected an address such as 127.0.0.1") from None
    if not address.is_loopback:
        raise ServeError(
            f"--host {host} would show pictures of people to the network, and there is no login yet:"
            " only 127.0.0.1 or ::1 is allowed"
        )
    return address


def _run(store: Store, listener: socket.socket) -> None:
    import uvicorn  # with FastAPI half a second that `helmetbelt --help` doesn't pay

    from helmetbelt.api.app import create_app

    models = {card.name: card.sha256 for card in map(read_card, card_names())}
    server = uvicorn.Server(uvicorn.Config(create_app(store, models), log_level="warning"))
    try:
        server.run([listener])
    except KeyboardInterrupt:
        return
