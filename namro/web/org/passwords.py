"""What a password must be (TCVN 14423:2026, without a second factor)."""

import secrets
import string

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

_CLASSES = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())


class FourClassesValidator:
    """Lower case, upper case, digits and signs must all be there."""

    def validate(self, password, user=None):
        if not all(any(has(c) for c in password) for has in _CLASSES):
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self):
        return "Mật khẩu phải có đủ chữ thường, chữ hoa, chữ số và ký tự đặc biệt."


class LengthValidator(password_validation.MinimumLengthValidator):
    """Django's own, with its words in Vietnamese (they are missing in its translation)."""

    def get_error_message(self):
        return f"Mật khẩu quá ngắn: phải có ít nhất {self.min_length} ký tự."

    def get_help_text(self):
        return f"Mật khẩu có ít nhất {self.min_length} ký tự."


class UnlikeThePersonValidator(password_validation.UserAttributeSimilarityValidator):
    """Django's own; the translation of its rule addresses officials too familiarly."""

    def get_help_text(self):
        return "Mật khẩu không được giống tên đăng nhập hoặc thông tin cá nhân."


class UncommonValidator(password_validation.CommonPasswordValidator):
    """Django's own; the translation of its rule addresses officials too familiarly."""

    def get_help_text(self):
        return "Mật khẩu không được là mật khẩu nhiều người thường dùng."


_SIGNS = "-_.+@#%"
_LETTERS = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")


def first_password() -> str:
    """A random one for a new account: 16 signs of all four classes, none easily misread."""
    while True:
        drawn = "".join(secrets.choice(_LETTERS + _SIGNS) for _ in range(16))
        if all(any(has(c) for c in drawn) for has in _CLASSES):
            return drawn
