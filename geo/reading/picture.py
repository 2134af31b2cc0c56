"""Opens a photograph inside the reading process: two sizes without anything the camera wrote, and what it wrote as an offer."""

from __future__ import annotations

import math
import warnings
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PIL import ExifTags, Image, ImageOps

from geo.errors import IngestError
from geo.text import mark as _

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS: Final = 60_000_000
LEAST_SIDE: Final = 200
SIDES: Final = {"large": 1600, "small": 480}
"""Size -> the longer side of the picture, pixels, at most."""
_QUALITY: Final = 82
_WHITE: Final = (255, 255, 255)


def shrink(folder: Path, path: Path, name: str) -> dict[str, Any]:
    """Write ``large.jpg`` and ``small.jpg`` into the folder; what there is to know of the picture.

    Parameters
    ----------
    folder : Path
        Of the reading process.
    path : Path
        The person's file.
    name : str
        What the person calls it; for messages.

    Returns
    -------
    dict
        ``width, height`` of the large one (pixels); ``lon, lat`` (WGS84 as the camera says, or None) and ``taken`` (ISO day or "").

    Raises
    ------
    IngestError
        It is no picture of a known kind, is broken, or has too many pixels or too few.
    """
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=FORMATS) as picture:
            _check_size(picture, name)
            offer = _offer(picture)
            upright = _flat(ImageOps.exif_transpose(picture))
    except IngestError:
        raise
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise IngestError(
            _("{name} 不是能打开的照片。"),
            hint=_("请用 JPEG、PNG 或 WebP 照片。"),
            name=name,
            detail=str(error),
        ) from error
    width, height = 0, 0
    for size, side in SIDES.items():
        smaller = upright.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        smaller.save(folder / f"{size}.jpg", "JPEG", quality=_QUALITY, optimize=True, progressive=True)
        if size == "large":
            width, height = smaller.size
    return {"width": width, "height": height, **offer}


def _check_size(picture: Image.Image, name: str) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS or min(width, height) < LEAST_SIDE:
        raise IngestError(
            _("{name} 是 {width} × {height} 像素。"),
            hint=_("照片最多 {most} 百万像素，短边至少 {least} 像素。"),
            name=name,
            width=width,
            height=height,
            most=MOST_PIXELS // 1_000_000,
            least=LEAST_SIDE,
        )


def _flat(picture: Image.Image) -> Image.Image:
    """Its pixels alone, in a new picture that holds no metadata; what is transparent becomes white."""
    coloured = picture.convert("RGBA")
    plain = Image.new("RGB", coloured.size, _WHITE)
    plain.paste(coloured, mask=coloured.getchannel("A"))
    return plain


def _offer(picture: Image.Image) -> dict[str, Any]:
    """Place and day that the camera wrote; a tag that cannot be read is as if it were not there."""
    offer: dict[str, Any] = {"lon": None, "lat": None, "taken": ""}
    with suppress(
        Exception
    ):  # EXIF is a stranger's bytes: whatever is wrong in it, the picture stays a picture
        exif = picture.getexif()
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        with suppress(KeyError, TypeError, ValueError, ZeroDivisionError):
            lat = _degrees(place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef] == "S")
            lon = _degrees(place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef] == "W")
            if math.isfinite(lat + lon) and abs(lat) <= 90 and abs(lon) <= 180 and (lat or lon):
                offer |= {"lon": round(lon, 6), "lat": round(lat, 6)}
        with suppress(KeyError, TypeError, ValueError):
            taken = exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal]
            offer["taken"] = datetime.strptime(taken, "%Y:%m:%d %H:%M:%S").date().isoformat()
    return offer


def _degrees(parts: Any, is_negative: bool) -> float:
    degrees, minutes, seconds = map(float, parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if is_negative else value
