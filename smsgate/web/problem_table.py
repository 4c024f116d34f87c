"""The problems that HTTP answers by itself, and their sentences: their one home."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table: status, title and sentence in both languages."""

    status: int
    title_zh: str
    title_en: str
    zh: str = ""
    en: str = ""


# The refusals and diagnoses (smsgate.domain.refusals, grammar.diagnostics) bring their own sentences.
PROBLEMS: dict[str, Entry] = {
    "bad_request": Entry(400, "请求无法读取", "The request can't be read", "请按接口说明，以UTF-8编码发送。",
                         "Send what the API's description asks for, in UTF-8."),
    "bad_json": Entry(400, "JSON无法读取", "The body is no JSON", "请发送UTF-8编码的JSON：{why}",
                      "Send JSON in UTF-8: {why}"),
    "bad_webhook": Entry(400, "回调内容无法读取", "The webhook can't be read", "请按提供商的格式发送：{why}",
                         "Send it in the provider's format: {why}"),
    "unsigned": Entry(403, "签名不符", "The signature is wrong",
                      "签名与账号不符。请检查密钥，并检查设置public_base是否就是提供商所用的网址。",
                      "The signature is not the account's: check its secret, and that public_base is the address."),
    "not_local": Entry(403, "只限本机访问", "This machine only",
                       "页面与接口目前只在本机开放：请在运行smsgate的机器上访问http://localhost，不经代理。{why}",
                       "Pages and API answer on this machine only: open http://localhost there, no proxy. {why}"),
    "cross_origin": Entry(403, "来自别的网站", "Sent from another site",
                          "此请求由别的网站发出，未执行。请在smsgate自己的页面上操作。",
                          "Another site made this request, so nothing was done: use smsgate's own pages."),
    "not_found": Entry(404, "没有此资源", "There is no such thing", "请核对网址或编号。",
                       "Check the address or the id."),
    "no_account": Entry(404, "没有此提供商账号", "There is no such provider account",
                        "请在网址中用?account=写明设置中的账号名。", "Name an account of the settings by ?account= ."),
    "no_simulator": Entry(404, "没有电话模拟器", "There is no phone simulator",
                          "设置中没有kind为simulator的账号。", "The settings have no account of kind simulator."),
    "method_not_allowed": Entry(405, "不支持此方法", "The method is not allowed", "请改用：{allow}。", "Use {allow}."),
    "slow_request": Entry(408, "请求太慢", "The request came too slowly", "请求内容未在限时内收全，请重新发送。",
                          "The body did not arrive in time: send it again."),
    "not_resendable": Entry(409, "不能重发", "Can't be sent again",
                            "只有失败、过期、已作废或结果不明、且尚未重发的短信可以重发。",
                            "Only what failed, expired, was suppressed or is unknown can be sent again, once."),
    "not_shunted": Entry(404, "没有待重新处理的短信", "There is no such shunted message",
                         "只有状态为shunted的短信可以重新处理。", "Only a message in state shunted can be run again."),
    "too_large": Entry(413, "请求太大", "The request is too large", "请求内容不得超过{most}字节。",
                       "The body may have {most} bytes at most."),
    "bad_media_type": Entry(415, "内容类型不符", "The content type is wrong",
                            "请用Content-Type: application/json发送JSON。",
                            "Send JSON as Content-Type: application/json."),
    "chart_faults": Entry(422, "组织结构有错误", "The org chart has errors",
                          "有错误的组织结构不会保存，也不会生效：请按faults逐条改正。",
                          "A chart with errors is neither saved nor put in force: mend what faults lists."),
    "chart_danger": Entry(409, "需要确认", "This needs to be confirmed",
                          "这次修改会影响未结工单或使人联系不上：请看concerns，确认后加?confirm=true再发一次。",
                          "It touches open tickets, or leaves somebody unreachable: look at concerns, then send it"
                          " again with ?confirm=true."),
    "chart_changed": Entry(412, "文件已被改动", "The file has changed",
                           "磁盘上的组织结构不是If-Match所指的那一份：请重新读取、合并后再保存。",
                           "The chart on disk is not what If-Match names: read it again, merge, then save."),
    "no_if_match": Entry(428, "缺少If-Match", "If-Match is missing",
                         "请在If-Match中写明所改的是哪一份（GET时的ETag）。",
                         "Say by If-Match which text you changed: the ETag that GET gave."),
    "chart_unwritable": Entry(409, "文件写不了", "The file can't be written", "{why}", "{why}"),
    "chart_busy": Entry(503, "正在检查别的组织结构", "Other charts are being read",
                        "请稍后再试。", "Try again in a moment."),
    "superseded": Entry(409, "已有更新的内容", "A newer text has come",
                        "同一个编辑器已送来更新的内容，这一份不再检查。",
                        "The same editor has sent a newer text: this one is not checked any more."),
    "invalid": Entry(422, "请求内容有误", "The request is not valid", "请改正：{why}", "Correct this: {why}"),
    "no_actor": Entry(422, "没有值班员", "There is no dispatcher",
                      "组织架构中没有在岗的值班员，请用as写明账号。",
                      "The org chart has no active dispatcher: name an account by `as`."),
    "bad_key": Entry(422, "Idempotency-Key有误", "The Idempotency-Key is no key",
                     "Idempotency-Key须为1至128个可见ASCII字符。",
                     "An Idempotency-Key has 1 to 128 visible ASCII characters."),
    "key_reused": Entry(422, "Idempotency-Key已用过", "The Idempotency-Key was used before",
                        "此Idempotency-Key已用于另一个请求，请换一个新的。",
                        "This Idempotency-Key belongs to another request: use a new one."),
    "fault": Entry(500, "系统出错", "Something is broken", "系统出错，已记录。请稍后再试，或联系管理员。",
                   "That is a bug, and has been logged. Try again later, or tell the administrator."),
    "store_unavailable": Entry(503, "数据库暂不可用", "The database can't take it now",
                               "没有写入任何内容，请稍后原样重发。", "Nothing was written: send the same again later."),
    "timed_out": Entry(503, "处理超时", "It took too long",
                       "未能在限时内处理完，可能已执行：请查看结果，或用同一个Idempotency-Key重发。",
                       "It may have been done: look, or send it again under the same Idempotency-Key."),
    "not_ready": Entry(503, "尚未就绪", "Not ready", "{why}", "{why}"),
}  # fmt: skip
