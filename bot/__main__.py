"""`python -m bot`: the command line."""

from __future__ import annotations

import errno
import sys

from bot.errors import Code, SignpostError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


def main() -> int:
    """Run the command line.

    Returns:
        The exit code: 1 for an error that has a code, with its one line on standard error.
    """
    try:
        from bot.cli import app

        app()
    except SignpostError as error:
        message = str(error)
    except ModuleNotFoundError as error:
        message = Code.E004.text(package=error.name, problem="it is not installed")
    except OSError as error:
        if error.filename is None and error.errno not in _FULL:
            raise  # not about a file
        message = Code.E008.text(path=error.filename or "A file", problem=error.strerror)
    else:
        return 0
    sys.stderr.write(message + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
