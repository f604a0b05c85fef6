"""Write NetCDF 4 by h5netcdf, which the extra `science` installs."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tocsin.errors import InputError
from tocsin.translation import message

if TYPE_CHECKING:
    import h5netcdf


def netcdf_library() -> Any:
    """Return the module h5netcdf.

    Raises:
        InputError: if it, or the library with which it writes, is not installed.
    """
    try:
        import h5netcdf
        import h5py  # noqa: F401 -- h5netcdf needs it to write, and imports it later
    except ImportError as error:
        raise InputError(
            message("NetCDF needs the library {name}", name=error.name or ""),
            remedy=message('install it: pip install "tocsin[science]"'),
        ) from None
    return h5netcdf


def netcdf_bytes(fill: Callable[[h5netcdf.File], None]) -> bytes:
    """Return a NetCDF file that a function fills; the same content gives the same bytes.

    Raises:
        InputError: if the libraries of the extra `science` are missing.
    """
    library = netcdf_library()
    buffer = io.BytesIO()
    with library.File(buffer, "w") as file:
        fill(file)
    return buffer.getvalue()


def add_variable(
    group: h5netcdf.Group, name: str, dimensions: tuple[str, ...], values: np.ndarray, attributes: Mapping[str, Any]
) -> None:
    """Add a variable with numbers to a group that has its dimensions."""
    variable = group.create_variable(name, dimensions, data=np.ascontiguousarray(values))
    variable.attrs.update(attributes)


def add_texts(group: h5netcdf.Group, name: str, dimension: str, texts: Sequence[str]) -> None:
    """Add a variable with texts along a dimension of a group."""
    import h5py

    variable = group.create_variable(name, (dimension,), dtype=h5py.string_dtype())
    variable[...] = np.array(texts, dtype=object)
