"""The words of the search over everything: Chinese, English."""

from __future__ import annotations

SEARCH: dict[str, tuple[str, str]] = {
    "search.title": ("查找", "Search"),
    "search.all": ("查找工单、人员、单位、短信和流转", "Search tickets, people, units, messages and the log"),
    "search.short": ("工单、人员、短信…", "Ticket, person, text …"),
    "search.for": ("“{what}”的结果", "Results for “{what}”"),
    "search.exact": ("完全一致", "Exact"),
    "search.exact.ticket": ("工单 {ref}", "Ticket {ref}"),
    "search.exact.person": ("人员 {ref}", "Person {ref}"),
    "search.exact.unit": ("单位 {ref}", "Unit {ref}"),
    "search.tickets": ("工单", "Tickets"),
    "search.people": ("人员", "People"),
    "search.units": ("单位", "Units"),
    "search.messages": ("短信", "Messages"),
    "search.hops": ("流转", "Log"),
    "search.more.tickets": ("全部工单结果", "All tickets found"),
    "search.more.chart": ("全部人员和单位结果", "All people and units found"),
    "search.more.messages": ("全部短信结果", "All messages found"),
    "search.more.hops": ("全部流转结果", "All of the log found"),
    "search.unread": ("只查了较新的部分，可继续往前查", "Only the newer part was looked through: look further back"),
    "search.on.tickets": ("继续查工单", "Look on among tickets"),
    "search.on.messages": ("继续查短信", "Look on among messages"),
    "search.on.hops": ("继续查流转", "Look on in the log"),
    "search.start": ("输入要找的内容", "Type what you look for"),
    "search.start.how": (
        "工单号、短码、标题；姓名、账号、手机、拼音或首字母；单位；短信和意见中的文字。短码、完整手机号或账号会直接打开。",
        "Ticket number, code or title; name, account, phone, pinyin or initials; unit; words of messages and opinions."
        " A code, a whole phone number or an account opens at once.",
    ),
    "search.none": ("没有找到“{what}”", "Nothing found for “{what}”"),
    "search.none.how": (
        "换个说法：短一些的词、手机号的一段、姓名拼音或首字母；或到短信和工单页按时间、状态筛选。",
        "Try a shorter word, a part of the phone number, pinyin or initials; or filter messages and tickets by time"
        " and state.",
    ),
}
