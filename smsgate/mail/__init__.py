"""The door for mail: phones' by a gateway, people's, alarms, and what mail servers say of ours."""

from smsgate.mail.door import MailDoor, MailDoors, MailDoorTaken

__all__ = ["MailDoor", "MailDoorTaken", "MailDoors"]
