"""The words of the chart's text editor: Chinese, English."""

from __future__ import annotations

EDITOR: dict[str, tuple[str, str]] = {
    "editor.find": ("查找", "Find"),
    "editor.replace": ("替换", "replace"),
    "editor.next": ("下一个", "next"),
    "editor.previous": ("上一个", "previous"),
    "editor.all": ("全选", "all"),
    "editor.match_case": ("区分大小写", "match case"),
    "editor.regexp": ("正则", "regexp"),
    "editor.by_word": ("整词", "by word"),
    "editor.replace_all": ("全部替换", "replace all"),
    "editor.close": ("关闭", "close"),
    "editor.go_to_line": ("转到行", "Go to line"),
    "editor.go": ("转到", "go"),
    "editor.diagnostics": ("问题", "Diagnostics"),
    "editor.no_diagnostics": ("没有问题", "No diagnostics"),
    "editor.completions": ("补全", "Completions"),
    "editor.fold_line": ("折叠", "Fold line"),
    "editor.unfold_line": ("展开", "Unfold line"),
    "editor.folded_code": ("已折叠", "folded code"),
    "editor.unfold": ("展开", "unfold"),
    "editor.current_match": ("当前匹配", "current match"),
    "editor.on_line": ("所在行", "on line"),
}
