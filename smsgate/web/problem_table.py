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
                       "此处（演示、电话模拟器）只在本机开放：请在运行smsgate的机器上访问http://localhost，不经代理。{why}",
                       "This (the demo, the phone simulator) answers on its own machine only: open http://localhost"
                       " there, no proxy. {why}"),
    "not_signed_in": Entry(401, "请先登录", "Sign in first",
                           "页面请到/login登录；程序请带API令牌：Authorization: Bearer sgt_…，"
                           "令牌由管理员在/tokens签发。",
                           "On pages sign in at /login; a program sends Authorization: Bearer sgt_…, a token that an"
                           " admin makes at /tokens."),
    "bad_token": Entry(401, "令牌无效", "The token is not valid",
                       "令牌写错、已吊销或已过期：请向管理员索取新的令牌。",
                       "It is mistyped, revoked or expired: ask an admin for a new one."),
    "no_role": Entry(403, "权限不够", "Your role does not allow it",
                     "此处需要角色{role}，您的角色是{mine}：请找管理员调整。",
                     "This needs the role {role} and yours is {mine}: ask an admin."),
    "no_scope": Entry(403, "令牌权限不够", "The token's scopes do not allow it",
                      "此接口需要权限{scope}：请管理员签发带此权限的令牌。",
                      "This needs the scope {scope}: ask an admin for a token that has it."),
    "no_program": Entry(403, "仅供登录用户使用", "For people who have signed in",
                        "此地址不接受API令牌：程序请用/api/v1。", "No API token opens this: programs use /api/v1."),
    "not_your_account": Entry(403, "只能以本人账号操作", "You act as yourself alone",
                              "您的登录账号对应组织架构账号{mine}，不能以别人的名义操作。",
                              "You are {mine} in the org chart, and act as nobody else."),
    "wall_only": Entry(403, "大屏链接只能看流转记录", "A wall screen shows the log alone",
                       "请在/login登录后再打开此页。", "Sign in at /login to open this."),
    "no_form_token": Entry(403, "页面已过期", "The page is out of date",
                           "此请求没有带上本次登录的校验码，未执行。请刷新页面后重做；程序请用API令牌。",
                           "It came without the session's token, so nothing was done: reload the page and do it again;"
                           " programs use an API token."),
    "strange_proxy": Entry(403, "经未登记的代理访问", "Through a proxy that nobody has named",
                           "请把反向代理的地址写进设置web.trusted_proxies。",
                           "Name the reverse proxy's address in the setting web.trusted_proxies."),
    "plain_http": Entry(403, "须经https访问", "Over https only",
                        "从别的机器访问须经https：请在前面放反向代理并设置web.trusted_proxies，或在可信网络中设web.plain_http"
                        "=true。见docs/login.md。",
                        "From other machines only over https: put a reverse proxy before it and name it in"
                        " web.trusted_proxies, or set web.plain_http = true in a network you trust."
                        " See docs/login.md."),
    "busy": Entry(503, "登录的人太多", "Too many sign in at once", "请过几秒再试。", "Try again in a few seconds."),
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
    "no_item": Entry(404, "队列中没有这一项", "There is no such item", "请核对编号。", "Check the id."),
    "item_over": Entry(409, "已处理", "It has been handled", "这一项已处理，见by和outcome。",
                       "Somebody has handled it: see `by` and `outcome`."),
    "item_claimed": Entry(409, "别人正在处理", "Somebody else is on it", "要接手，请先claim并带over。",
                          "To take it over, claim it with `over`."),
    "act_not_here": Entry(409, "这一项不能这样处理", "That can't be done to this item", "请换一种处理方式。",
                          "Choose another act."),
    "not_done": Entry(409, "命令不成立", "The command does not stand", "没有执行，见state和answer。",
                      "Nothing was run: see `state` and `answer`."),
    "moved_since": Entry(409, "工单已有变动", "The ticket has moved", "没有执行。请再预览，带上新的seen执行。",
                         "Nothing was run: look again, and run it with the new `seen`."),
    "may_have_arrived": Entry(409, "对方可能已收到", "It may have arrived", "仍要重发，请带sure。",
                              "To send it all the same, say `sure`."),
    "no_words": Entry(422, "没有内容", "There is no text", "请写内容。", "Write something."),
    "too_many_words": Entry(422, "内容太长", "The text is too long", "最多{most}字。", "{most} characters at most."),
    "no_phone": Entry(422, "对方不是手机", "The sender is no phone", "对方收不到短信。", "It can't get an SMS."),
    "no_reason": Entry(422, "没有原因", "There is no reason", "请选原因；other须写明。",
                       "Choose a reason; `other` needs words."),
    "nobody_of_that_name": Entry(422, "没有唯一的这个人", "Nobody, or several, of that name", "请写账号。",
                                 "Write the account."),
    "known_number": Entry(409, "号码已在册", "The number is known", "组织架构已有这个号码。",
                          "The org chart has it already."),
    "proposed_already": Entry(409, "已提议给别人", "It is proposed for somebody else", "请先撤回。",
                              "Withdraw that first."),
    "not_shunted": Entry(404, "没有待重新处理的短信", "There is no such shunted message",
                         "只有状态为shunted的短信可以重新处理。", "Only a message in state shunted can be run again."),
    "too_large": Entry(413, "请求太大", "The request is too large", "请求内容不得超过{most}字节。",
                       "The body may have {most} bytes at most."),
    "bad_media_type": Entry(415, "内容类型不符", "The content type is wrong",
                            "请用Content-Type: application/json发送JSON。",
                            "Send JSON as Content-Type: application/json."),
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
    "report_counting": Entry(503, "正在统计", "The log is being counted",
                             "这段时间较长，正在统计，请按Retry-After稍后重发；统计过的日子不再重算。",
                             "The period is long and is being counted: ask again after Retry-After."),
    "not_ready": Entry(503, "尚未就绪", "Not ready", "{why}", "{why}"),
}  # fmt: skip
