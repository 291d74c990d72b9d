"""Word documents: templates in docxtpl's dialect made into papers, and papers read back as text.

    template = word.Template.load(data, filters)     raises TemplateMistake, with every problem of the template
    template.unknown(paths)                          what it asks for that the data do not have
    template.make(context, dress)                    raises MissingName, Unprintable, and what the context raises
    word.laid_out(data, look)                        a template with the pages and styles that the settings want
    word.faults(data)                                what is wrong with a finished document
    word.text_of(data), word.passport_of(data)       raise NotDocx

All is plain data on the other side: bytes and text.
"""

from pipeline.office.word.dialect import MissingName, View
from pipeline.office.word.inspection import faults
from pipeline.office.word.layout import laid_out, style_name, style_names
from pipeline.office.word.package import NotDocx
from pipeline.office.word.passport import passport_of
from pipeline.office.word.pictures import Picture
from pipeline.office.word.problems import Kind, Problem, TemplateMistake
from pipeline.office.word.template import Dress, Paper, Template
from pipeline.office.word.text import paragraphs_of, text_of
from pipeline.office.word.values import Marked, Unprintable, origins_of, sourced

__all__ = [
    "Dress",
    "Kind",
    "Marked",
    "MissingName",
    "NotDocx",
    "Paper",
    "Picture",
    "Problem",
    "Template",
    "TemplateMistake",
    "Unprintable",
    "View",
    "faults",
    "laid_out",
    "origins_of",
    "paragraphs_of",
    "passport_of",
    "sourced",
    "style_name",
    "style_names",
    "text_of",
]
