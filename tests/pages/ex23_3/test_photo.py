"""A photo of a digit on page 23.3: every kind of picture is read, what is none is refused in plain words."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from nnlib import load_digits
from pages.ex23_3.digit_canvas import SIDE
from pages.ex23_3.photo import DECODED_SIDE, UNREADABLE, drawing_from_photo, read_grey


def page(digit: int = 0) -> Image.Image:
    """A digit in dark ink on light paper."""
    row = int(np.flatnonzero(load_digits().Y_test[:, digit])[0])
    ink = np.kron(load_digits().test_inputs(slice(row, row + 1)).reshape(8, 8) > 0.4, np.ones((16, 16)))
    paper = np.full((300, 260), 230.0)
    paper[80 : 80 + 128, 60 : 60 + 128] -= 190 * ink
    return Image.fromarray(paper.astype(np.uint8))


def content(image: Image.Image, kind: str = "PNG") -> bytes:
    """A file."""
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def transparent() -> Image.Image:
    """Ink alone, on nothing."""
    image = Image.new("RGBA", page().size, (0, 0, 0, 0))
    image.putalpha(page().point(lambda grey: 230 - min(grey, 230)))
    return image


FILES = {
    "grey": content(page()),
    "jpeg": content(page().convert("RGB"), "JPEG"),
    "cmyk": content(page().convert("CMYK"), "JPEG"),
    "colour": content(page().convert("RGB")),
    "palette": content(page().convert("P")),
    "two levels": content(page().point(lambda grey: 255 * (grey > 128)).convert("1")),
    "alpha": content(transparent()),
    "grey and alpha": content(page().convert("LA")),
    "16 bits": content(Image.fromarray(np.asarray(page()).astype(np.uint16) * 257)),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_picture_gives_the_same_drawing(kind: str) -> None:
    drawing = drawing_from_photo(FILES[kind])
    assert drawing.shape == (SIDE // 2, SIDE // 2)
    assert np.abs(drawing - drawing_from_photo(FILES["grey"])).mean() < 0.02
    assert 0.05 < drawing.mean() < 0.4


def test_a_large_picture_is_read_small_and_upright() -> None:
    large = page().resize((2600, 3000))
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    file = io.BytesIO()
    large.rotate(90, expand=True).save(file, "JPEG", exif=exif)
    grey = read_grey(file.getvalue())
    assert max(grey.shape) <= DECODED_SIDE
    assert grey.shape[0] > grey.shape[1]
    assert np.abs(drawing_from_photo(file.getvalue()) - drawing_from_photo(FILES["grey"])).mean() < 0.04


def huge() -> bytes:
    """A PNG file of a few bytes that says it holds 30,000 × 30,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", UNREADABLE),
        (b"no picture", UNREADABLE),
        (FILES["grey"][:200], UNREADABLE),
        (content(page(), "GIF"), UNREADABLE),
        (huge(), "more than 50 million pixels"),
        (bytes(21 * 2**20), "larger than 20 MB"),
        (content(Image.new("L", (300, 8))), "only 300 × 8 pixels"),
        (content(Image.new("L", (300, 300), 200)), "No digit stands out"),
    ],
    ids=["empty", "text", "cut short", "another kind", "bomb", "large", "narrow", "blank"],
)
def test_what_is_no_photo_of_a_digit_is_refused_in_plain_words(file: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        drawing_from_photo(file)
