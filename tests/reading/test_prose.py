"""Documents of running text: the same words of every format, and a clear refusal of what is none."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
import typst
from docx import Document

from geo.errors import IngestError, ParameterError
from geo.reading.prose import read_prose
from geo.report.pdf import font_file
from tools import hostile_files as h

LINES = (
    "某市2030年计划（虚构）",
    "一、城市建设",
    "新建公园12个，改造老旧小区“幸福里”等30个；开工建设地铁9号线。" * 6,
    "建成学校3所。",
)
TEXT = "\n".join(LINES)


def joined(text: str) -> str:
    return "".join(text.split())


def as_docx(path: Path) -> None:
    document = Document()
    for line in LINES[:-1]:
        document.add_paragraph(line)
    document.add_table(1, 1).rows[0].cells[0].text = LINES[-1]
    document.save(str(path))


def as_pdf(path: Path) -> None:
    source = path.with_suffix(".typ")
    paragraphs = "\n\n".join(f'#"{line}"' for line in LINES)
    source.write_text(f'#set text(font: "Noto Sans SC")\n#set par(justify: true)\n{paragraphs}', "utf-8")
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_file().parent)]
    )
    path.write_bytes(typst.compile(str(source), font_paths=fonts, ignore_system_fonts=True))


def as_html(path: Path) -> None:
    body = "".join(f"<p>{html.escape(line[:9])}\n<span>{html.escape(line[9:])}</span></p>" for line in LINES)
    path.write_text(
        f"<!doctype html><title>标题</title><script>var 新增=1</script><!-- 注 --><div>{body}</div>", "utf-8"
    )


@pytest.mark.parametrize("ending", ["txt", "html", "docx", "pdf"])
def test_every_format_has_the_same_words(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"plan.{ending}"
    if ending == "txt":
        path.write_bytes(TEXT.encode("gb18030"))
    else:
        {"html": as_html, "docx": as_docx, "pdf": as_pdf}[ending](path)
    text = read_prose(path)
    assert joined(text) == joined(TEXT)
    assert [line for line in text.split("\n") if line] == list(LINES)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", b"%PDF-1.4 nothing"),
        ("a.docx", b"PK\x03\x04 and then nothing"),
        ("a.pdf", b"PK\x03\x04"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj <<>> endobj"),
        ("a.txt", b"  \n "),
        ("a.txt", "新建公园".encode() + b"\xff\xfe\x00\x81"),
        ("a.html", b"<html><script>1</script></html>"),
    ],
)
def test_what_is_no_document_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    with pytest.raises(IngestError) as caught:
        read_prose(h.put(tmp_path, name, content))
    assert caught.value.text("en") != caught.value.text("zh")
    assert str(tmp_path) not in caught.value.text()


def test_other_endings_and_bombs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError):
        read_prose(h.put(tmp_path, "a.rtf", b"{\\rtf1}"))
    bomb = h.bomb(tmp_path, 150)
    with pytest.raises(IngestError, match="炸弹"):
        read_prose(bomb.rename(bomb.with_suffix(".docx")))


def test_an_entity_in_a_docx_reads_no_file(tmp_path: Path) -> None:
    """lxml resolves no entity: what a stranger declares is not put in the text."""
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    as_docx(tmp_path / "a.docx")
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.docx") as whole:
        parts = {each: whole.read(each) for each in whole.namelist()}
    body = parts["word/document.xml"].decode()
    declared = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    head, rest = body.split("?>", 1)
    parts["word/document.xml"] = f"{head}?>{declared}{rest.replace('建成学校', '&x;建成学校')}".encode()
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as spoilt:
        for name, data in parts.items():
            spoilt.writestr(name, data)
    assert "canary" not in read_prose(tmp_path / "b.docx")
