"""A photograph of a stranger: made smaller, freed of all that the camera wrote, or refused; never opened in this process."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from geo.errors import IngestError
from geo.reading.picture import SIDES
from geo.reading.read_picture import MOST_BYTES, read_picture
from tests.depth import examples

LON, LAT = 120.31361, 31.55011


def photo(
    path: Path, size: tuple[int, int] = (2000, 1000), *, orientation: int = 1, gps: bool = True
) -> Path:
    """A JPEG as a phone writes it: left half red, right half blue, with place, day, owner and a thumbnail's worth of words."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = orientation, "SECRET-OWNER"
    exif.get_ifd(0x8769)[0x9003] = "2021:07:03 10:11:12"
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: _parts(LAT), 3: "E", 4: _parts(LON)})
    picture.save(path, "JPEG", exif=exif, comment=b"SECRET-COMMENT", quality=90)
    return path


def _parts(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 4)


def test_place_and_day_are_offered_and_then_gone(tmp_path: Path) -> None:
    found = read_picture(photo(tmp_path / "a.jpg"), "现场.jpg")
    assert (found.lon, found.lat) == pytest.approx((LON, LAT), abs=1e-5)
    assert found.taken == "2021-07-03"
    for data in (found.large, found.small):
        assert b"SECRET" not in data
        assert b"Exif" not in data
        assert not dict(Image.open(io.BytesIO(data)).getexif())


def test_two_sizes_upright_and_of_one_shape(tmp_path: Path) -> None:
    found = read_picture(photo(tmp_path / "a.jpg", orientation=6), "a.jpg")  # the camera was held on its side
    large, small = (Image.open(io.BytesIO(data)) for data in (found.large, found.small))
    assert large.size == (found.width, found.height) == (800, 1600)
    assert max(small.size) == SIDES["small"]
    red, _green, blue = large.getpixel((400, 100))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_small_picture_is_not_made_larger(tmp_path: Path) -> None:
    found = read_picture(photo(tmp_path / "a.jpg", (300, 250), gps=False), "a.jpg")
    assert (found.width, found.height, found.lon, found.lat) == (300, 250, None, None)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_is_transparent_becomes_white(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a.picture"
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(path, form)
    found = read_picture(path, "a.picture")
    assert Image.open(io.BytesIO(found.large)).getpixel((5, 5)) == (255, 255, 255)


def bomb(path: Path) -> Path:
    """A PNG of 1.6 thousand million pixels in a few bytes."""
    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )
    return path


def test_a_bomb_is_refused_by_its_head(tmp_path: Path) -> None:
    with pytest.raises(IngestError):
        read_picture(bomb(tmp_path / "bomb.png"), "bomb.png")


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "PDF"])
def test_other_kinds_of_pictures_are_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (400, 300)).save(path, form)
    with pytest.raises(IngestError, match="不是能打开的照片"):
        read_picture(path, "a.jpg")


def test_too_large_and_too_small_are_refused(tmp_path: Path) -> None:
    heavy = tmp_path / "heavy.jpg"
    with heavy.open("wb") as handle:
        handle.truncate(MOST_BYTES + 1)
    for path in (heavy, photo(tmp_path / "tiny.jpg", (150, 900))):
        with pytest.raises(IngestError):
            read_picture(path, path.name)


@given(
    cut=st.integers(0, 6000),
    change=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), max_size=8),
)
@examples(quick=6, deep=200)
def test_any_bytes_are_a_picture_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, cut: int, change: list[tuple[int, int]]
) -> None:
    path = tmp_path_factory.mktemp("photo") / "a.jpg"
    data = bytearray(photo(path, (240, 220)).read_bytes())
    for at, value in change:
        data[at % len(data)] = value
    path.write_bytes(bytes(data[: max(1, len(data) - cut)]))
    try:
        found = read_picture(path, "a.jpg")
    except IngestError:
        return
    assert b"SECRET" not in found.large + found.small
    assert found.lon is None or (abs(found.lon) <= 180 and abs(found.lat or 0) <= 90)
