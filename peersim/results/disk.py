"""Files on disk: written whole or not at all, damaged ones told apart, one call at a time in a
folder, and a sentence for what a disk refuses.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput

UNFINISHED = ".new"
LOCK = ".lock"
_SEAL = re.compile(r"(.+)-([0-9a-f]{16})")

_REASONS = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "quota",
    errno.EFBIG: "large",
    errno.EROFS: "read_only",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.ENAMETOOLONG: "long_name",
    errno.ENOENT: "gone",
    errno.ENOTDIR: "gone",
    errno.ESTALE: "gone",
    errno.EIO: "broken",
}


def refusal(error: BaseException) -> Sentence | None:
    """Say what a disk has refused; None if an error is of another kind.

    >>> str(refusal(OSError(errno.ENOSPC, "No space left on device")))
    'there is no room left on the disk'
    """
    found = re.search(r"\(os error (\d+)\)", str(error))  # how Polars words it
    number = int(found[1]) if found else getattr(error, "errno", None)
    key = _REASONS.get(number) if isinstance(number, int) else None
    return Sentence(f"errors.folder.reasons.{key}") if key else None


@contextlib.contextmanager
def writing_to(folder: Path, rest: Sentence | None = None) -> Iterator[None]:
    """Turn what a disk refuses into a sentence about the folder that is written to.

    Parameters
    ----------
    folder : Path
    rest : Sentence, optional
        What is kept, and how to go on.
    """
    try:
        yield
    except InvalidInput:
        raise
    except Exception as error:  # Polars has errors of its own
        if (reason := refusal(error)) is None:
            raise
        raise InvalidInput("errors.folder.unwritable", rest, out=folder, reason=reason) from None


def put(path: Path, content: bytes) -> None:
    """Write a file, all of it or nothing."""
    new = path.with_name(path.name + UNFINISHED)
    try:
        new.write_bytes(content)
        os.replace(new, path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise


# -- seals ---------------------------------------------------------------------------------------


def put_sealed(path: Path, content: bytes) -> Path:
    """Write a file whose name ends with a hash of what is in it; gives where it is."""
    sealed = path.with_stem(f"{path.stem}-{_hash(content)}")
    put(sealed, content)
    return sealed


def unsealed(path: Path) -> str:
    """Give the name of a file without ending and seal.

    >>> unsealed(Path("runs-000003-0123456789abcdef.parquet")), unsealed(Path("runs-000003.parquet"))
    ('runs-000003', 'runs-000003')
    """
    found = _SEAL.fullmatch(path.stem)
    return found[1] if found else path.stem


def is_sealed(path: Path) -> bool | None:
    """Whether a file is as it was written; None if its name does not tell, as in the first edition.

    Raises
    ------
    OSError
        If it cannot be read at all.
    """
    found = _SEAL.fullmatch(path.stem)
    return None if found is None else found[2] == _hash(path.read_bytes())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


# -- one call at a time --------------------------------------------------------------------------


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a folder, which is made if there is none: two calls at the same time would take away
    each other's files. If nothing has come into it, it is removed again.

    Raises
    ------
    InvalidInput
        If another call holds it, or it cannot be written to.
    """
    missing = [place for place in (folder, *folder.parents) if not os.path.exists(place)]
    try:
        with writing_to(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock = _locked(folder)
        with lock:
            yield
    finally:
        for place in missing:
            with contextlib.suppress(OSError):  # there is something in it
                place.rmdir()


def _locked(folder: Path) -> contextlib.ExitStack:
    """Take the lock of a folder; it is released, and its file removed, where this ends."""
    held = contextlib.ExitStack()
    try:
        import fcntl
    except ImportError:  # a system without such locks
        return held
    with contextlib.ExitStack() as stack:
        file = stack.enter_context((folder / LOCK).open("a"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidInput("errors.sweep.claimed", out=folder) from None
        except OSError:  # a network drive without locks
            pass
        stack.callback(_remove, folder / LOCK)
        if not _is_at(file, folder / LOCK):  # whoever held it has just removed it
            raise InvalidInput("errors.sweep.claimed", out=folder)
        file.write(f"{os.getpid()}\n")  # a full disk is noticed before anything is computed
        file.flush()
        held = stack.pop_all()
    return held


def _is_at(file: IO[Any], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
