"""What endpoints are given."""

from importlib.metadata import version
from typing import Annotated, Final

from fastapi import Depends, Request

from helmetbelt.records.store import Store

SOFTWARE: Final = version("helmetbelt")


def the_store(request: Request) -> Store:
    """The store that the app was made with."""
    store = request.app.state.store
    assert isinstance(store, Store)
    return store


TheStore = Annotated[Store, Depends(the_store)]
