"""Units in two trees, people, their posts, and the journal of what was done."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models

from namro.web.org.rules import KIND_LABELS, ROLE_LABELS, Kind, Tree


class Unit(models.Model):
    """An organisation (đơn vị, cơ quan). Codes stay for ever; a closed unit keeps its history."""

    code = models.CharField("mã", max_length=24, unique=True)
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên gọn", max_length=80, blank=True)
    aliases = models.JSONField("tên khác", default=list, blank=True)
    kind = models.CharField(
        "loại", max_length=32, choices=[(k.value, v) for k, v in KIND_LABELS.items()]
    )
    opened_on = models.DateField("lập ngày", null=True, blank=True)
    closed_on = models.DateField("kết thúc ngày", null=True, blank=True)
    successors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="predecessors"
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    tile_column = models.SmallIntegerField(null=True, blank=True)
    tile_row = models.SmallIntegerField(null=True, blank=True)

    def __str__(self):
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def is_commune(self) -> bool:
        return self.kind in (Kind.COMMUNE, Kind.WARD)


class UnitLink(models.Model):
    """Who stands under whom, in which tree, from when to when (trực thuộc)."""

    tree = models.CharField(max_length=16, choices=[(t.value, t.value) for t in Tree])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="superior_links")
    superior = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="subordinate_links")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)  # empty: always known

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tree", "unit", "from_on"], name="one_superior_a_tree"),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gt=models.F("from_on")),
                name="link_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.unit} ⊂ {self.superior} ({self.tree})"


class FormerLink(models.Model):
    """A link as known before a reorganisation was recorded: answers as of then rest on it."""

    tree = models.CharField(max_length=16)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    superior = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField()


class UnitSuccession(models.Model):
    """A unit gave way to another from a day on (sắp xếp đơn vị): append-only.

    Several heirs on one day: it was split; `heir` empty: dissolved; the unit itself among its
    heirs: it goes on, smaller. A merger is one row for each unit that went into the new one.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    heir = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="inheritances")
    on = models.DateField()
    recorded_at = models.DateTimeField()
    basis = models.CharField("căn cứ", max_length=200, blank=True)


class FormerName(models.Model):
    """What a unit was called until a day (tên cũ)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=32)
    until_on = models.DateField()
    recorded_at = models.DateTimeField()


class UnitAncestor(models.Model):
    """The links' transitive closure, self included; derived by `actions.rebuild_ancestors`."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="ancestors")
    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="descendants")
    tree = models.CharField(max_length=16)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ancestor", "tree", "unit"])]


class User(AbstractBaseUser):
    """A person with their own account (người dùng); what they may do comes from posts alone."""

    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]{1,59}\Z",
                "Tên đăng nhập gồm chữ thường không dấu, chữ số, dấu chấm, gạch nối; từ 2 ký tự.",
            )
        ],
        error_messages={"unique": "Đã có tài khoản mang tên đăng nhập này."},
    )
    full_name = models.CharField("họ và tên", max_length=120)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    is_active = models.BooleanField("đang hoạt động", default=True)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=True)
    password_set_at = models.DateTimeField("tự đặt mật khẩu lúc", null=True, blank=True)
    joined_at = models.DateTimeField("tạo lúc", null=True, blank=True)
    closed_at = models.DateTimeField("ngừng lúc", null=True, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = BaseUserManager()

    def __str__(self):
        return self.full_name


class Post(models.Model):
    """A person in a unit with a role (vị trí); the post may act on `reach` and all below it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    reach = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reached_by")
    role = models.CharField(
        "vai trò", max_length=16, choices=[(r.value, v) for r, v in ROLE_LABELS.items()]
    )
    title = models.CharField("chức vụ", max_length=120, blank=True)
    from_on = models.DateField("từ ngày")
    to_on = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="post_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.unit} ({self.get_role_display()})"


class JournalEntry(models.Model):
    """What was done, by whom, when (nhật ký).

    Append-only: the database refuses to change or delete a line (migration 0002). No foreign keys,
    so that it outlives what it speaks of.
    """

    at = models.DateTimeField(db_index=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    unit_code = models.CharField(max_length=24, blank=True)
    verb = models.CharField(max_length=60, db_index=True)
    thing = models.CharField(max_length=80)
    thing_id = models.CharField(max_length=40)
    summary = models.CharField(max_length=300)
    details = models.JSONField(default=dict)
    address = models.CharField(max_length=45, blank=True)
    chain = models.CharField(max_length=64)  # SHA-256 over this entry and the one before it
