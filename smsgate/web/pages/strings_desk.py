"""The words of signing in, of one's own account, and of the pages for admins: Chinese, English."""

from __future__ import annotations

DESK: dict[str, tuple[str, str]] = {
    "nav.users": ("用户与权限", "Users and access"),
    "nav.sign_out": ("退出", "Sign out"),
    "nav.demo": ("演示，免登录", "demo, nobody signs in"),
    "nav.demo.why": (
        "演示只在本机开放，人人都是管理员；正式运行时要登录。",
        "The demo answers on this machine only, and everybody is an admin; in earnest one signs in.",
    ),
    "role_of.viewer": ("查看", "viewer"),
    "role_of.operator": ("值班", "operator"),
    "role_of.admin": ("管理", "admin"),
    "login.title": ("登录", "Sign in"),
    "login.name": ("用户名", "Name"),
    "login.password": ("密码", "Password"),
    "login.submit": ("登录", "Sign in"),
    "login.or": ("或者", "or"),
    "login.oidc": ("用{name}登录", "Sign in with {name}"),
    "login.wrong": ("用户名或密码不对。", "Name and password don't belong together."),
    "login.locked.name": (
        "连续输错太多次，此用户名已锁定，请{n}分钟后再试；急用请管理员解锁（用户页，或命令 smsgate user unlock）。",
        "Too many failed in a row, so this name is locked: try again in {n} min; in a hurry, an admin unlocks it (on"
        " the users page, or by smsgate user unlock).",
    ),
    "login.locked.address": (
        "此地址登录失败太多次，请{n}分钟后再试，或换一台机器登录。",
        "Too many failed from this address: try again in {n} min, or from another machine.",
    ),
    "login.help": (
        "忘记密码请找管理员要一次性链接，或在服务器上运行 smsgate user passwd。",
        "Forgot it? An admin makes you a one-time link; on the server there is smsgate user passwd.",
    ),
    "login.nobody": (
        "还没有任何用户：请打开启动时显示的一次性链接，或在服务器上运行 smsgate user link-first 再显示一次。",
        "There is no user yet: open the one-time link that was shown at the start, or run smsgate user link-first on"
        " the server to see it again.",
    ),
    "refused.home": ("回到流转记录", "To the live log"),
}
