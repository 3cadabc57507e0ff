"""Documents that try to reach what they must not: a server on this machine, and files beside the application."""

from base64 import b64encode
from pathlib import Path


def attacks(port: int, sentinel: Path) -> dict[str, str]:
    """HTML documents by what they try. `port` listens; `sentinel` is a folder with files that nobody must read."""
    web, file = f"http://127.0.0.1:{port}", sentinel.as_uri()
    found = {f"address: {what}": _image(url) for what, url in _addresses(port, web, file).items()}
    found |= {f"html: {what}": body for what, body in _elements(web, file).items()}
    found |= {f"css: {what}": f"<style>{css}</style><p>x</p>" for what, css in _styles(web, file).items()}
    found |= {f"svg: {what}": _svg(body) for what, body in _drawings(web, file).items()}
    entity = f'<!DOCTYPE svg [<!ENTITY e SYSTEM "{file}/secret.txt">]><svg {_SPACE}><text>&e;</text></svg>'
    found["svg: an entity"] = _image(_packed_url(entity))
    include = f'<svg {_SPACE}><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{file}/secret.txt"/></svg>'
    found["svg: an include"] = _image(_packed_url(include))
    return {what: _whole(body) for what, body in found.items()}


_SPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"'


def _whole(body: str) -> str:
    title = "<title>x</title>"
    head, _, rest = body.partition("<!--body-->") if "<!--body-->" in body else ("", "", body)
    return f'<!DOCTYPE html><html lang="en"><head>{title}{head}</head><body>{rest}</body></html>'


def _image(url: str) -> str:
    return f'<img src="{url}" alt="x">'


def _svg(body: str) -> str:
    return f"<svg {_SPACE}>{body}</svg>"


def _packed_url(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _addresses(port: int, web: str, file: str) -> dict[str, str]:
    folder = file.removeprefix("file://")
    return {
        "http": f"{web}/a.svg",
        "https": f"https://127.0.0.1:{port}/a.svg",
        "capitals": f"HTTP://127.0.0.1:{port}/a.svg",
        "localhost": f"http://localhost:{port}/a.svg",
        "IPv6": f"http://[::1]:{port}/a.svg",
        "IPv4 in IPv6": f"http://[::ffff:127.0.0.1]:{port}/a.svg",
        "one number": f"http://2130706433:{port}/a.svg",
        "octal": f"http://0177.0.0.1:{port}/a.svg",
        "hexadecimal": f"http://0x7f000001:{port}/a.svg",
        "short": f"http://127.1:{port}/a.svg",
        "wide digits": f"http://１２７.０.０.１:{port}/a.svg",
        "a name before": f"http://example.org@127.0.0.1:{port}/a.svg",
        "no scheme": f"//127.0.0.1:{port}/a.svg",
        "a redirect to a file": f"{web}/to-file",
        "a redirect to itself": f"{web}/to-web",
        "ftp": f"ftp://127.0.0.1:{port}/a.svg",
        "gopher": f"gopher://127.0.0.1:{port}/_GET",
        "a file": f"{file}/secret.svg",
        "a file on localhost": f"file://localhost{folder}/secret.svg",
        "a file with one slash": f"file:{folder}/secret.svg",
        "a file, percent-encoded": f"file://{folder}/%73ecret.svg",
        "a path from the root": f"{folder}/secret.svg",
        "a path upwards": f"{'../' * 20}{folder.lstrip('/')}/secret.svg",
        "bundled, upwards": f"bundled:/{'../' * 20}{folder.lstrip('/')}/secret.svg",
        "bundled, upwards, percent-encoded": f"bundled:/{'%2e%2e%2f' * 20}{folder.lstrip('/')}/secret.svg",
        "bundled, with a host": f"bundled://127.0.0.1:{port}/a.svg",
        "data in a document": _packed_url(f"<svg {_SPACE}><image href='{web}/a.svg' width='9' height='9'/></svg>"),
    }


def _elements(web: str, file: str) -> dict[str, str]:
    return {
        "a stylesheet": f'<link rel="stylesheet" href="{web}/a.css"><!--body-->x',
        "a stylesheet of a file": f'<link rel="stylesheet" href="{file}/secret.css"><!--body-->x',
        "an attachment": f'<link rel="attachment" href="{file}/secret.txt"><!--body-->x',
        "an attachment of the web": f'<link rel="attachment" href="{web}/a.txt"><!--body-->x',
        "a link that attaches": f'<a rel="attachment" href="{file}/secret.txt">x</a>',
        "a base address": f'<base href="{web}/"><!--body--><img src="a.svg" alt="x">',
        "a base address of a folder": f'<base href="{file}/"><!--body--><img src="secret.svg" alt="x">',
        "an object": f'<object data="{web}/a.svg">x</object>',
        "an embedded file": f'<embed src="{file}/secret.svg">',
        "a set of pictures": f'<img srcset="{web}/a.svg 1x" src="{web}/b.svg" alt="x">',
        "an input": f'<input type="image" src="{web}/a.svg" alt="x"><img src="{web}/c.svg" alt="x">',
        "a style of its own": f'<p style="background: url({web}/a.svg)">x</p>',
        "a refresh": f'<meta http-equiv="refresh" content="0; url={web}/"><!--body--><img src="{web}/d.svg" alt="x">',
    }


def _styles(web: str, file: str) -> dict[str, str]:
    return {
        "an import": f'@import "{web}/a.css";',
        "an import of a file": f'@import url("{file}/secret.css");',
        "a font": f"@font-face {{ font-family: x; src: url({web}/a.ttf) }} p {{ font-family: x }}",
        "a font of a file": f"@font-face {{ font-family: x; src: url({file}/secret.ttf) }} p {{ font-family: x }}",
        "content": f"p::before {{ content: url({web}/a.svg) }}",
        "a page's background": f"@page {{ background: url({web}/a.svg) }}",
        "a list's mark": f"p {{ display: list-item; list-style-image: url({file}/secret.svg) }}",
        "a border": f"p {{ border: 9px solid; border-image: url({web}/a.svg) 9 }}",
        "an escaped scheme": f"p {{ background: url(\\68ttp{web.removeprefix('http')}/a.svg) }}",
    }


def _drawings(web: str, file: str) -> dict[str, str]:
    return {
        "an image": f'<image href="{web}/a.svg" width="9" height="9"/>',
        "an image of a file": f'<image xlink:href="{file}/secret.svg" width="9" height="9"/>',
        "something used": f'<use href="{web}/a.svg#x"/>',
        "something used of a file": f'<use xlink:href="{file}/secret.svg#x"/>',
        "a style": f'<style>@import "{web}/a.css";</style><rect width="9" height="9"/>',
    }
