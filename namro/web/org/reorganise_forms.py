"""Forms of reorganisation: every word a person reads is written here, in Vietnamese."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from namro.web.frame.days import DayField
from namro.web.org.actions import NewUnit, Order
from namro.web.org.models import Unit
from namro.web.org.rules import KIND_LABELS, TREE_LABELS, Tree

_KINDS = [(k.value, label) for k, label in KIND_LABELS.items()]
_SHARE = re.compile(r"%|,\s*[\d.,]+\s*$")
"""A share written behind a name: "Xã Suối Một, 60%"."""
_LINES = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})


class _Units(forms.ModelChoiceField):
    widget = forms.Select(attrs={"class": "choose-unit"})

    def label_from_instance(self, unit):
        return f"{unit.name} ({unit.code})"


class _ManyUnits(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple(attrs={"class": "choose-units"})

    def label_from_instance(self, unit):
        return f"{unit.name} ({unit.code})"


class ReorganiseForm(forms.Form):
    """From which day, on what basis. `units`: living units within reach of the viewer."""

    on = DayField(label="Có hiệu lực từ ngày")
    basis = forms.CharField(
        label="Căn cứ",
        max_length=200,
        required=False,
        help_text="Số, ký hiệu, ngày của nghị quyết hoặc quyết định.",
    )

    def __init__(self, units, unit: Unit | None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = units.exclude(pk=unit.pk) if unit else units
        self.order_fields([*(n for n in self.fields if n not in ("on", "basis")), "on", "basis"])

    def order(self, by, at) -> Order:
        return Order(self.cleaned_data["on"], at, by, self.cleaned_data["basis"])


class RenameForm(ReorganiseForm):
    name = forms.CharField(label="Tên mới", max_length=200)
    short_name = forms.CharField(label="Tên gọn", max_length=80, required=False)
    kind = forms.ChoiceField(label="Loại", choices=_KINDS)

    def asked(self) -> dict[str, Any]:
        names = ("name", "short_name", "kind")
        return {"unit": self.unit, **{n: self.cleaned_data[n] for n in names}}


class MoveForm(ReorganiseForm):
    tree = forms.ChoiceField(label="Hệ", choices=[(t.value, v) for t, v in TREE_LABELS.items()])
    superior = _Units(None, label="Cấp trên mới", empty_label="Chọn đơn vị")

    def asked(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"unit": self.unit, "tree": Tree(given["tree"]), "superior": given["superior"]}


class MergeForm(ReorganiseForm):
    others = _ManyUnits(
        None,
        label="Cùng nhập với",
        required=False,
        help_text="Đánh dấu các đơn vị cùng nhập; gõ vài chữ của tên để tìm.",
    )
    into = _Units(
        None,
        label="Nhập vào đơn vị đang có",
        required=False,
        empty_label="Không: lập đơn vị mới",
        help_text="Chọn khi một đơn vị vẫn giữ mã và nhận thêm các đơn vị khác.",
    )
    code = forms.CharField(label="Mã của đơn vị mới", max_length=24, required=False)
    name = forms.CharField(label="Tên của đơn vị mới", max_length=200, required=False)
    kind = forms.ChoiceField(label="Loại của đơn vị mới", choices=_KINDS)

    def asked(self) -> dict[str, Any]:
        given = self.cleaned_data
        into = given["into"] or NewUnit(given["code"], given["name"], given["kind"])
        return {"units": [self.unit, *given["others"]], "into": into}


class SplitForm(ReorganiseForm):
    heirs = forms.CharField(
        label="Các đơn vị mới",
        widget=_LINES,
        help_text="Mỗi dòng một đơn vị: mã, dấu phẩy, tên. Ví dụ: 03389, Xã Suối Một.",
    )
    kind = forms.ChoiceField(label="Loại của các đơn vị mới", choices=_KINDS)
    goes_on = forms.BooleanField(label="Đơn vị này vẫn còn, phạm vi nhỏ lại", required=False)

    def clean_heirs(self):
        lines = [line for line in self.cleaned_data["heirs"].splitlines() if line.strip()]
        pairs = [line.partition(",") for line in lines]
        for number, (code, _, name) in enumerate(pairs, start=1):
            if not code.strip() or not name.strip():
                raise forms.ValidationError(
                    f"Dòng {number} thiếu mã hoặc tên; hãy ghi theo mẫu: 03389, Xã Suối Một."
                )
            if _SHARE.search(name):
                raise forms.ValidationError(
                    f"Dòng {number}: không nhận tỷ lệ chia. Mỗi số liệu chia một cách khác nhau "
                    "(dân số, hồ sơ, ngân sách), nên số cũ được giữ nguyên ở cấp trên chung chứ "
                    "không chia. Hãy chỉ ghi mã và tên."
                )
        return [(code.strip(), name.strip()) for code, _, name in pairs]

    def asked(self) -> dict[str, Any]:
        kind = self.cleaned_data["kind"]
        heirs = [NewUnit(code, name, kind) for code, name in self.cleaned_data["heirs"]]
        return {"unit": self.unit, "heirs": heirs, "goes_on": self.cleaned_data["goes_on"]}


class CloseForm(ReorganiseForm):
    def asked(self) -> dict[str, Any]:
        return {"unit": self.unit}


class CreateForm(ReorganiseForm):
    code = forms.CharField(label="Mã", max_length=24)
    name = forms.CharField(label="Tên", max_length=200)
    short_name = forms.CharField(label="Tên gọn", max_length=80, required=False)
    kind = forms.ChoiceField(label="Loại", choices=_KINDS)
    government = _Units(None, label="Cấp trên bên chính quyền", required=False, empty_label="–")
    party = _Units(None, label="Cấp trên bên Đảng", required=False, empty_label="–")

    def asked(self) -> dict[str, Any]:
        given = self.cleaned_data
        told = {Tree.GOVERNMENT: given["government"], Tree.PARTY: given["party"]}
        superiors = {tree: unit for tree, unit in told.items() if unit}
        place = (given["code"], given["name"], given["kind"], given["short_name"])
        return {"new": NewUnit(*place, superiors)}
