"""The .rep language: text to classes and back.

`parser` makes data (`syntax`) of text by the grammar in rep.lark; `kinds`, `values`, `defaults`
and `classes` make Python of it; `RepFile` is the whole way at run time.
"""

from .repfile import RepFile

__all__ = ["RepFile"]
