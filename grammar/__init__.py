"""The command language of engineers' SMS: text in, a `Command` or a `Diagnosis` out."""

from grammar.ast import (
    Accept,
    Assist,
    Command,
    HandBack,
    Help,
    Progress,
    Query,
    Resolve,
    TargetName,
    Transfer,
    Urge,
)
from grammar.code_runs import first_code
from grammar.diagnostics import Code, Diagnosis
from grammar.directory import Directory, UnitNames
from grammar.parser import parse
from grammar.printer import render
from grammar.verbs import VERBS, Verb, VerbEntry

__all__ = [
    "VERBS",
    "Accept",
    "Assist",
    "Code",
    "Command",
    "Diagnosis",
    "Directory",
    "HandBack",
    "Help",
    "Progress",
    "Query",
    "Resolve",
    "TargetName",
    "Transfer",
    "UnitNames",
    "Urge",
    "Verb",
    "VerbEntry",
    "first_code",
    "parse",
    "render",
]
