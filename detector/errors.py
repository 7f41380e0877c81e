"""The errors of helmetbelt; each leaf is also the built-in that a caller would expect.

HelmetbeltError
├── ModelFileError (FileNotFoundError)   no such model file or card
├── ModelDamagedError (ValueError)       wrong checksum, not an ONNX, or a card that contradicts it
├── PictureError (ValueError)            a picture that cannot be read, or is too large
├── SourceError (OSError)                a video that cannot be opened or is not what it says
└── ...                                  rooms further down the road add their own leaves
"""


class HelmetbeltError(Exception):
    """Anything that helmetbelt refuses, with a sentence for the person who asked."""


class ModelFileError(HelmetbeltError, FileNotFoundError):
    """A model file or its card is not where it was looked for."""


class ModelDamagedError(HelmetbeltError, ValueError):
    """A model file is not what its card says."""


class PictureError(HelmetbeltError, ValueError):
    """A picture that cannot be decoded or that is larger than allowed."""


class SourceError(HelmetbeltError, OSError):
    """A video source that cannot be opened, or that is not what its name says."""
