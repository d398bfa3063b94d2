"""Files from outside, made safe: known by their content, made anew, with nothing of their maker left in them."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO, Literal

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

PICTURES = ("JPEG", "PNG", "WEBP")
QUALITY = 82
MEGABYTE = 1024 * 1024
MEGAPIXEL = 1_000_000


class FileRefused(Exception):
    """This file is not taken in. `message` says why and what to do, in the reader's language."""

    message = _("This file cannot be taken. Send a photo (JPEG, PNG, WebP) or a PDF.")


class TooLarge(FileRefused):
    message = _("This file is too large. Send a smaller one, or a photo of it.")


class UnknownKind(FileRefused):
    message = _("This file is not what its name says. Send a photo (JPEG, PNG, WebP) or a PDF.")


class Broken(FileRefused):
    message = _("This file is damaged and cannot be opened. Send it again, or send a photo of it.")


class TooManyPixels(FileRefused):
    message = _("This picture has too many pixels. Send it in a smaller size.")


class Locked(FileRefused):
    message = _("This PDF is locked with a password. Send it without the password.")


class TooManyPages(FileRefused):
    message = _("This PDF has too many pages. Send the pages that matter.")


@dataclass(frozen=True)
class Limits:
    """How much is taken in; the charter says."""

    size: int  # bytes
    side: int  # pixels of the longer side of what is kept
    pixels: int  # of what is taken in
    pages: int


@dataclass(frozen=True)
class SafeFile:
    """A file made anew. The name that it came with is gone."""

    content: bytes
    kind: Literal["image", "pdf"]
    extension: str
    sha256: str
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> int:
        return len(self.content)


def safe_file(upload: BinaryIO, limits: Limits) -> SafeFile:
    """Read `upload` and make it anew as what its content is. Raises `FileRefused`.

    A picture comes out as JPEG (or WebP, where it has transparent parts), upright, without EXIF. A PDF comes out with
    the drawing of its pages alone: no scripts, forms, embedded files, links or metadata.
    """
    content = upload.read(limits.size + 1)
    if len(content) > limits.size:
        raise TooLarge
    if content[:1024].lstrip(b"\x00\t\n\x0c\r \xef\xbb\xbf").startswith(b"%PDF-"):
        return _paper(content, limits)
    return _picture(content, limits)


def _made(content: bytes, kind: Literal["image", "pdf"], extension: str, size: tuple[int, int] | None) -> SafeFile:
    width, height = size or (None, None)
    return SafeFile(content, kind, extension, hashlib.sha256(content).hexdigest(), width, height)


# --- pictures --------------------------------------------------------------------------------------------------------


def _picture(content: bytes, limits: Limits) -> SafeFile:
    try:
        with warnings.catch_warnings():
            # Our own limit decides; Pillow's warning would go to the log.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=PICTURES) as opened:
                if opened.width * opened.height > limits.pixels:
                    raise TooManyPixels
                return _drawn_anew(opened, limits.side)
    except UnidentifiedImageError:
        raise UnknownKind from None
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError):
        # The decoders of three formats have as many ways to stumble over a damaged file.
        raise Broken from None


def _drawn_anew(opened: Image.Image, side: int) -> SafeFile:
    # Of JPEG, the decoder can read a smaller picture straight away: a telephone's photo takes a quarter of the memory.
    opened.draft("RGB", (side, side))
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    transparent = upright.has_transparency_data and upright.convert("RGBA").getchannel("A").getextrema()[0] != 255
    picture = upright.convert("RGBA" if transparent else "RGB")
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    # A picture made from pixels alone cannot carry anything else along.
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    if transparent:
        bare.save(out, "WEBP", quality=QUALITY, method=4)
        return _made(out.getvalue(), "image", "webp", bare.size)
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return _made(out.getvalue(), "image", "jpg", bare.size)


# --- papers ----------------------------------------------------------------------------------------------------------

# All that a page needs in order to be drawn. Annotations, actions, thumbnails, private data of programs are not in it.
_DRAWN = {"/Type", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/UserUnit", "/Group"}
# Where these stand, at whatever depth, something could run, open, be fetched or be carried along.
_ACTIVE = {"/AA", "/A", "/JS", "/EF", "/AF", "/Metadata", "/PieceInfo", "/LastModified", "/Ref", "/OPI", "/Alternates"}


def _paper(content: bytes, limits: Limits) -> SafeFile:
    # Loaded where it is used: it takes half a second, which every process of a start would pay.
    from pypdf.errors import PyPdfError

    try:
        made = _copied(content, limits)
    except (PyPdfError, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        # pypdf meets a damaged file with whatever error its first wrong byte leads to.
        raise Broken from None
    if len(made) > limits.size:
        raise TooLarge
    return _made(made, "pdf", "pdf", None)


def _copied(content: bytes, limits: Limits) -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import StreamObject

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Locked
    if len(reader.pages) > limits.pages:
        raise TooManyPages
    if not reader.pages:
        raise Broken
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page, excluded_keys=_ACTIVE | (page.keys() - _DRAWN))
    for kept in writer._objects:
        if isinstance(kept, StreamObject) and kept.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            kept._data = _without_notes(kept._data)
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _without_notes(jpeg: bytes) -> bytes:
    """A JPEG stream without the segments in which cameras and programs write about it (EXIF, XMP, comments)."""
    kept, at = jpeg[:2], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big") + 2
        if marker == _START_OF_SCAN:
            break
        if marker not in _NOTES:
            kept += jpeg[at : at + length]
        at += length
    return kept + jpeg[at:]


_START_OF_SCAN = 0xDA
# APP1 and APP3 to APP13, and comments; APP0, APP2 and APP14 tell how the colours are meant.
_NOTES = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})
