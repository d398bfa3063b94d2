"""Files from outside are known by content and made anew: nothing of their maker, and nothing that runs, is left."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import pytest
from django.utils import translation
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from hamgara.integrations import storage
from hamgara.integrations.storage import Limits, safe_file

LIMITS = Limits(size=3_000_000, side=400, pixels=2_000_000, pages=3)
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 200), mode: str = "RGB", **saved: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "teal").save(out, kind, **saved)
    return out.getvalue()


def with_exif(orientation: int = 1) -> bytes:
    notes = Image.Exif()
    notes[ORIENTATION], notes[MAKER] = orientation, "SECRETCAM"
    notes.get_ifd(GPS)[2] = (33.0, 59.0, 0.0)
    return picture(exif=notes)


def paper(pages: int = 1) -> PdfWriter:
    out = io.BytesIO()
    sheets = [Image.new("RGB", (300, 200), "teal") for _page in range(pages)]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return PdfWriter(clone_from=io.BytesIO(out.getvalue()))


def written(paper: PdfWriter) -> bytes:
    out = io.BytesIO()
    paper.write(out)
    return out.getvalue()


def take(content: bytes, limits: Limits = LIMITS) -> storage.SafeFile:
    return safe_file(io.BytesIO(content), limits)


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made_by", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_each_kind_becomes_a_jpeg(made_by: str) -> None:
    made = take(picture(made_by))
    assert (made.kind, made.extension, made.width, made.height) == ("image", "jpg", 300, 200)
    assert Image.open(io.BytesIO(made.content)).format == "JPEG"
    assert len(made.sha256) == 64
    assert made.size == len(made.content)


def test_a_picture_with_transparent_parts_keeps_them() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 200), (0, 128, 128, 90)).save(out, "PNG")
    made = take(out.getvalue())
    assert made.extension == "webp"
    assert Image.open(io.BytesIO(made.content)).mode == "RGBA"


def test_a_screenshot_without_transparent_parts_becomes_a_jpeg() -> None:
    assert take(picture("PNG", mode="RGBA")).extension == "jpg"


def test_a_picture_in_printers_colours_or_a_palette_is_drawn_on_screen_colours() -> None:
    assert take(picture("JPEG", mode="CMYK")).extension == "jpg"
    assert take(picture("PNG", mode="P")).extension == "jpg"
    assert take(picture("PNG", mode="I;16")).extension == "jpg"


def test_the_cameras_notes_are_gone() -> None:
    sent = with_exif()
    assert b"SECRETCAM" in sent
    made = take(sent)
    assert b"SECRETCAM" not in made.content
    assert b"Exif" not in made.content
    assert not Image.open(io.BytesIO(made.content)).getexif()


@pytest.mark.parametrize("made_by", ["PNG", "WEBP"])
def test_notes_of_other_formats_are_gone_as_well(made_by: str) -> None:
    notes = Image.Exif()
    notes[MAKER] = "SECRETCAM"
    sent = picture(made_by, mode="RGBA", exif=notes, xmp=b"<x>SECRETCAM</x>")
    assert b"SECRETCAM" in sent
    assert b"SECRETCAM" not in take(sent).content


def test_a_picture_taken_sideways_is_put_upright() -> None:
    made = take(with_exif(orientation=6))
    assert (made.width, made.height) == (200, 300)


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    made = take(picture(size=(1600, 800)))
    assert (made.width, made.height) == (400, 200)


def test_a_picture_with_more_pixels_than_allowed_is_refused() -> None:
    with pytest.raises(storage.TooManyPixels):
        take(picture(size=(2000, 1100)))


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def test_a_small_file_that_unfolds_in_memory_is_refused_before_it_unfolds() -> None:
    with pytest.raises(storage.TooManyPixels):
        take(png_that_claims(60_000, 60_000))


def test_a_file_over_the_limit_is_refused_without_being_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size >= 0, "an upload must never be read without a limit"
            self.taken += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(storage.TooLarge):
        safe_file(endless, LIMITS)  # type: ignore[arg-type]
    assert endless.taken == LIMITS.size + 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 a program called photo.jpg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
        b"PK\x03\x04 a word document",
    ],
    ids=["empty", "program", "svg", "html", "gif", "zip"],
)
def test_a_disguised_file_is_refused_whatever_its_name(content: bytes) -> None:
    with pytest.raises(storage.UnknownKind):
        take(content)


@pytest.mark.parametrize("cut", [30, 200, 500])
def test_a_damaged_picture_is_refused(cut: int) -> None:
    noise = Image.effect_noise((300, 200), 80)
    out = io.BytesIO()
    noise.save(out, "JPEG")
    with pytest.raises((storage.Broken, storage.UnknownKind)):
        take(out.getvalue()[:cut])


def test_what_is_hidden_behind_a_picture_does_not_come_along() -> None:
    made = take(picture() + b"<script>alert('polyglot')</script>")
    assert b"polyglot" not in made.content


# --- papers ----------------------------------------------------------------------------------------------------------


def test_a_pdf_keeps_its_pages_and_their_pictures() -> None:
    made = take(written(paper(pages=3)))
    assert (made.kind, made.extension, made.width) == ("pdf", "pdf", None)
    pages = PdfReader(io.BytesIO(made.content)).pages
    assert len(pages) == 3
    assert pages[0].images[0].image.size == (300, 200)


def test_scripts_files_links_and_notes_are_gone_from_a_pdf() -> None:
    armed = paper()
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    armed._root_object[NameObject("/OpenAction")] = script
    armed.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    armed.add_attachment("list.txt", b"carried-along")
    armed.add_annotation(0, Link(rect=(0, 0, 100, 100), url="https://elsewhere.example"))
    armed.add_metadata({"/Author": "Maryam"})
    armed.xmp_metadata = b"<?xpacket?><x>xmp-note</x>"
    sent = written(armed)
    for trace in (b"alert", b"carried-along", b"elsewhere", b"Maryam", b"xmp-note"):
        assert trace in sent
    kept = take(sent).content
    for trace in (b"alert", b"carried-along", b"elsewhere", b"Maryam", b"xmp-note", b"/JS", b"/AA", b"/Annots"):
        assert trace not in kept


def test_a_photo_inside_a_pdf_loses_the_cameras_notes() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "PDF")
    writer = PdfWriter(clone_from=io.BytesIO(out.getvalue()))
    image = writer.pages[0]["/Resources"]["/XObject"]["/image"].get_object()
    image._data = with_exif()
    sent = written(writer)
    assert b"SECRETCAM" in sent
    made = take(sent)
    assert b"SECRETCAM" not in made.content
    assert PdfReader(io.BytesIO(made.content)).pages[0].images[0].image.size == (300, 200)


def test_a_locked_pdf_is_refused() -> None:
    locked = paper()
    locked.encrypt("secret", algorithm="RC4-128")
    with pytest.raises(storage.Locked):
        take(written(locked))


def test_a_pdf_with_too_many_pages_is_refused() -> None:
    with pytest.raises(storage.TooManyPages):
        take(written(paper(pages=4)))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>"],
)
def test_a_damaged_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(storage.Broken):
        take(content)


def test_half_a_pdf_is_refused_or_read_but_never_an_error() -> None:
    whole = written(paper(pages=2))
    for part in range(50, len(whole), max(1, len(whole) // 25)):
        with contextlib.suppress(storage.FileRefused):
            take(whole[:part])


# --- what the reader is told -----------------------------------------------------------------------------------------


def test_each_refusal_speaks_to_the_reader() -> None:
    with translation.override("en"):
        said = {str(kind.message) for kind in (storage.FileRefused, *storage.FileRefused.__subclasses__())}
    assert len(said) == 1 + len(storage.FileRefused.__subclasses__())
    assert all(words.endswith(".") for words in said)
