"""What people call the roles of the desk: pages and problems say the same."""

from __future__ import annotations

from smsgate.domain.desk import Role

ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.VIEWER: ("查看", "viewer"),
    Role.OPERATOR: ("值班", "operator"),
    Role.ADMIN: ("管理", "admin"),
}
"""Chinese, English."""
