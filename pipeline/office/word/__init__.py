"""Word documents: templates in docxtpl's dialect made into papers, and papers read back as text.

    template = word.Template.load(data, filters)     raises TemplateMistake, with every problem of the template
    template.unknown(paths)                          what it asks for that the data do not have
    template.render(context, title=..., made=...)    raises MissingName, Unprintable, and what the context raises
    word.text_of(data)                               raises NotDocx

All is plain data on the other side: bytes and text.
"""

from pipeline.office.word.dialect import MissingName
from pipeline.office.word.package import NotDocx
from pipeline.office.word.problems import Kind, Problem, TemplateMistake
from pipeline.office.word.template import Template
from pipeline.office.word.text import paragraphs_of, text_of
from pipeline.office.word.values import Marked, Unprintable

__all__ = [
    "Kind",
    "Marked",
    "MissingName",
    "NotDocx",
    "Problem",
    "Template",
    "TemplateMistake",
    "Unprintable",
    "paragraphs_of",
    "text_of",
]
