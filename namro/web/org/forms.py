"""Forms of this room: every word a person reads is written here, in Vietnamese."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_texts

from namro.web.frame.days import DayField
from namro.web.org.models import User
from namro.web.org.rules import ROLE_LABELS

_PASSWORD = {"autocomplete": "new-password"}


class SignInForm(AuthenticationForm):
    """User name and password; capitals in the name do not matter."""

    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Mật khẩu phân biệt chữ hoa, "
        "chữ thường; sai 5 lần thì tài khoản tạm khóa 15 phút.",
        "inactive": "Tài khoản này đã ngừng hoạt động; hãy liên hệ quản trị của đơn vị.",
    }

    def __init__(self, request=None, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["username"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        self.fields["password"].label = "Mật khẩu"

    def clean_username(self):
        return self.cleaned_data["username"].strip().lower()


class PasswordForm(forms.Form):
    """The password in use, and the new one twice."""

    old = forms.CharField(
        label="Mật khẩu đang dùng",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label="Mật khẩu mới", strip=False, widget=forms.PasswordInput(attrs=_PASSWORD)
    )
    again = forms.CharField(
        label="Nhập lại mật khẩu mới", strip=False, widget=forms.PasswordInput(attrs=_PASSWORD)
    )

    def __init__(self, user: User, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def rules(self) -> list[str]:
        return password_validators_help_texts()

    def clean_old(self):
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("Mật khẩu đang dùng không đúng; hãy nhập lại.")
        return self.cleaned_data["old"]

    def clean(self):
        given = super().clean()
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", "Hai lần nhập mật khẩu mới không giống nhau.")
        return given


class _UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, unit):
        return f"{unit.name} ({unit.code})"


class PostForm(forms.Form):
    """A post: unit, role, reach, title, from which day. `units`: those the viewer manages."""

    unit = _UnitChoice(None, label="Đơn vị", empty_label="Chọn đơn vị")
    role = forms.ChoiceField(
        label="Vai trò", choices=[(r.value, v) for r, v in ROLE_LABELS.items()]
    )
    title = forms.CharField(label="Chức vụ", max_length=120, required=False)
    reach = _UnitChoice(
        None,
        label="Phạm vi",
        required=False,
        empty_label="Chính đơn vị ấy và cấp dưới",
        help_text="Chỉ chọn khi người này được xem, duyệt cả những đơn vị khác.",
    )
    from_on = DayField(label="Từ ngày")

    def __init__(self, units, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("unit", "reach"):
            self.fields[name].queryset = units.order_by("code")


class AccountForm(PostForm):
    """A new account with its first post."""

    full_name = forms.CharField(label="Họ và tên", max_length=120)
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=60,
        help_text="Chữ thường không dấu, chữ số, dấu chấm, gạch nối. Mỗi người một tài khoản.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label="Thư điện tử công vụ", required=False, help_text="Để nhận thư đôn đốc."
    )
    phone = forms.CharField(label="Điện thoại", max_length=30, required=False)
    field_order = ("full_name", "username", "email", "phone", "unit", "role", "title", "reach")

    def clean_username(self):
        return self.cleaned_data["username"].strip().lower()


class EndPostForm(forms.Form):
    """The first day without the post."""

    to_on = DayField(label="Thôi từ ngày")
