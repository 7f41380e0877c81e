"""The errors of the store.

HelmetbeltError
├── ZoneError (ValueError)                    days of a time zone that hourly counts cannot be cut into
└── StoreError (OSError)                      it could not do what was asked; what it acknowledged is safe
    ├── StoreMissingError (FileNotFoundError) there is no such store
    ├── StoreFullError                        its disk is full
    └── SchemaError                           it is not a helmetbelt store, or one of a newer helmetbelt
"""

from helmetbelt.detector.errors import HelmetbeltError


class StoreError(HelmetbeltError, OSError):
    """The store could not do what was asked; everything that it acknowledged before is still there."""


class StoreMissingError(StoreError, FileNotFoundError):
    """There is no store at this place, and none was to be made."""


class StoreFullError(StoreError):
    """The disk is full; the batch was not kept, everything before it was."""


class SchemaError(StoreError):
    """The tables are not helmetbelt's, or of a version that this software does not know."""


class ZoneError(HelmetbeltError, ValueError):
    """Days of a time zone whose midnights are not at full UTC hours, which is how counts are kept."""
