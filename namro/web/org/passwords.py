"""What a password must be (TCVN 14423:2026, without a second factor)."""

from django.core.exceptions import ValidationError

_CLASSES = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())


class FourClassesValidator:
    """Lower case, upper case, digits and signs must all be there."""

    def validate(self, password, user=None):
        if not all(any(has(c) for c in password) for has in _CLASSES):
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self):
        return "Mật khẩu phải có đủ chữ thường, chữ hoa, chữ số và ký tự đặc biệt."
