"""The parts of the Word file around the text: headers, footers, pictures, properties, and the zip itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from shishin.document import Document, Figure
from shishin.renderers.word_front import COVER_HEADER, FOOTER, HEADER, ROMAN_FOOTER
from shishin.renderers.word_xml import (
    EMU_PER_TWIP,
    PIC,
    SVG,
    WP,
    A,
    Page,
    field,
    part,
    run,
    serialise,
)

RELATIONS = "word/_rels/document.xml.rels"
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure's two files and how large it is printed, in twips."""

    figure: Figure
    png: bytes
    width: int
    height: int
    number: int


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the parts of a file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the file: the same parts give the same bytes on every machine and day."""
    made = io.BytesIO()
    # The list of content types stands first, as the packaging standard advises; the rest by name.
    names = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        for name in names:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 0, 0
            file.writestr(entry, parts[name])
    return made.getvalue()


def drawing(picture: Picture) -> str:
    """Return the run that shows a picture: PNG for every program, SVG for those that can."""
    figure, number = picture.figure, picture.number
    size = f'cx="{picture.width * EMU_PER_TWIP}" cy="{picture.height * EMU_PER_TWIP}"'
    svg = (
        f'<a:extLst><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip xmlns:asvg="{SVG}" '
        f'r:embed="rIdSvg{number}"/></a:ext></a:extLst>'
    )
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{WP}" distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="{number}" name="{escape(figure.number or figure.id)}" '
        f"descr={quoteattr(figure.alt)}/><wp:cNvGraphicFramePr/>"
        f'<a:graphic xmlns:a="{A}"><a:graphicData uri="{PIC}"><pic:pic xmlns:pic="{PIC}"><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="picture{number}.png" descr={quoteattr(figure.alt)}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="rIdPng{number}">{svg}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def picture_size(share: float, ratio: float, page: Page) -> tuple[int, int]:
    """Return width and height in twips of a picture; `ratio` is height by width. It never fills more than a page."""
    width = min(max(share, 0.05), 1.0) * page.text_width
    width = min(width, page.text_height * 0.86 / ratio)
    return round(width), round(width * ratio)


def surroundings(document: Document, pictures: tuple[Picture, ...], parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what stands around the text: headers, footers, pictures, their relations, and the properties."""
    files = {
        "word/header1.xml": part("w:hdr", _header(document)),
        "word/header2.xml": part("w:hdr", _no_header(document)),
        "word/footer1.xml": part("w:ftr", _footer("- ", " -")),
        "word/footer2.xml": part("w:ftr", _footer("", "")),
        "docProps/core.xml": _core(document),
        "docProps/app.xml": _app(document),
        "docProps/custom.xml": _custom(document),
    }
    relations = [
        (HEADER, "header", "header1.xml"), (COVER_HEADER, "header", "header2.xml"),
        (FOOTER, "footer", "footer1.xml"), (ROMAN_FOOTER, "footer", "footer2.xml"),
    ]  # fmt: skip
    for picture in pictures:
        name = f"media/picture{picture.number}"
        files |= {f"word/{name}.png": picture.png, f"word/{name}.svg": picture.figure.svg.encode()}
        relations += [
            (f"rIdPng{picture.number}", "image", f"{name}.png"),
            (f"rIdSvg{picture.number}", "image", f"{name}.svg"),
        ]
    return files | {
        RELATIONS: _relations(parts[RELATIONS], relations),
        "[Content_Types].xml": _content_types(parts["[Content_Types].xml"]),
    }


def _header(document: Document) -> str:
    status = dict(document.labels).get("draft", "")
    box = '<w:rStyle w:val="HeaderStatus"/><w:bdr w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
    mark = f"<w:r><w:tab/></w:r>{run(f' {status} ', box)}" if status else ""
    return f'<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{run(document.header)}{mark}</w:p>'


def _no_header(document: Document) -> str:
    uncounted = "<w:suppressLineNumbers/>" if document.line_numbers else ""
    return f'<w:p><w:pPr><w:pStyle w:val="Compact"/>{uncounted}</w:pPr></w:p>'


def _footer(before: str, after: str) -> str:
    number = field("PAGE", "1")
    left, right = (run(text) if text else "" for text in (before, after))
    return f'<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{left}{number}{right}</w:p>'


def _relations(data: bytes, relations: list[tuple[str, str, str]]) -> bytes:
    root = etree.fromstring(data)
    space = etree.QName(root).namespace
    for id, kind, target in relations:
        etree.SubElement(root, f"{{{space}}}Relationship", Id=id, Type=f"{_TYPE}/{kind}", Target=target)
    rows = sorted(root, key=lambda row: row.get("Id", ""))
    root[:] = rows
    return serialise(root)


def _content_types(data: bytes) -> bytes:
    root = etree.fromstring(data)
    space = etree.QName(root).namespace
    known = {row.get("Extension") for row in root}
    for extension, kind in (("png", "image/png"), ("svg", "image/svg+xml")):
        if extension not in known:
            root.insert(0, etree.Element(f"{{{space}}}Default", Extension=extension, ContentType=kind))
    for name, kind in (("header1", "header"), ("header2", "header"), ("footer1", "footer"), ("footer2", "footer")):
        row = {"PartName": f"/word/{name}.xml", "ContentType": f"{_CONTENT}.{kind}+xml"}
        etree.SubElement(root, f"{{{space}}}Override", row)
    return serialise(root)


# ---------------------------------------------------------------- properties: no names, no clock


def _core(document: Document) -> bytes:
    moment = f"{document.date}T00:00:00Z"
    title = " ".join(text for text in (document.cover.title, document.cover.edition) if text)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>{escape(document.language)}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        f"<cp:contentStatus>{escape(document.cover.status)}</cp:contentStatus>"
        f"<cp:version>{escape(document.edition)}</cp:version></cp:coreProperties>"
    ).encode()


def _app(document: Document) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{escape(document.cover.publisher)}</Company><Application>Shishin</Application></Properties>"
    ).encode()


def _custom(document: Document) -> bytes:
    said = [("GuidelineBase", f"{document.guideline}@{document.edition}")]
    if release := dict(document.labels).get("release", ""):
        said.append(("GuidelineRelease", f"sha256:{release}"))
    rows = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name="{name}">'
        f"<vt:lpwstr>{escape(text)}</vt:lpwstr></property>"
        for pid, (name, text) in enumerate(said, 2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{rows}</Properties>'
    ).encode()
