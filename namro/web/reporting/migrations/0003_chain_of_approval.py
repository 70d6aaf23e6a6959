"""Rounds of any days, deadlines by level, regimes, the steps of approval, what is kept of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

from namro.web.frame import append_only

APPEND_ONLY = ("regimechange", "roundevent", "decision", "comment", "appraisal")


def lay(apps, schema_editor):
    for name in APPEND_ONLY:
        append_only.lay(schema_editor.connection, f"reporting_{name}")


def lift(apps, schema_editor):
    for name in APPEND_ONLY:
        append_only.lift(schema_editor.connection, f"reporting_{name}")


def carry_over(apps, schema_editor):
    """Returns handed in before there were steps wait, or were decided, at their receiver."""
    handed_in = apps.get_model("reporting", "Submission").objects.exclude(status="DRAFT")
    handed_in.update(step="RECEIVER", sent_at=F("submitted_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0003_reorganised"),
        ("plans", "0004_append_only"),
        ("reporting", "0002_record_file_progress"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "Chờ thẩm định"),
                            ("ACCEPTED", "Đã nghiệm thu"),
                            ("WANTING", "Cần bổ sung"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="nhận xét")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("element", models.CharField(blank=True, max_length=80)),
                ("text", models.TextField(verbose_name="ý kiến")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=10)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("PASSED", "Duyệt, chuyển tiếp"),
                            ("APPROVED", "Duyệt thành số chính thức"),
                            ("SENT_BACK", "Trả lại"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField(verbose_name="từ ngày")),
                ("until_on", models.DateField(verbose_name="đến hết ngày")),
                ("reason", models.CharField(max_length=500, verbose_name="lý do")),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Exemption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField(verbose_name="được nộp đến")),
                ("reason", models.CharField(max_length=500, verbose_name="lý do")),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="lý do")),
                ("at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RegimeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("told", models.JSONField()),
                ("reason", models.CharField(max_length=500, verbose_name="lý do")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RoundEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("OPENED", "Mở đợt"),
                            ("ADDED", "Bổ sung đơn vị, số liệu"),
                            ("DUE_MOVED", "Đổi hạn nộp"),
                            ("SETTINGS", "Đổi chế độ của đợt"),
                            ("CLOSED", "Đóng đợt"),
                            ("REOPENED", "Mở lại đợt"),
                            ("EXEMPTED", "Cho phép nộp sau khi khóa"),
                            ("RECALLED", "Thôi cho phép nộp sau khi khóa"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="lý do")),
                ("details", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="one_round_a_period",
        ),
        migrations.AddField(
            model_name="duty",
            name="due_at",
            field=models.DateTimeField(null=True, verbose_name="hạn nộp"),
        ),
        migrations.AddField(
            model_name="round",
            name="closed_at",
            field=models.DateTimeField(null=True, verbose_name="đóng lúc"),
        ),
        migrations.AddField(
            model_name="round",
            name="closed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="department_due_at",
            field=models.DateTimeField(null=True, verbose_name="hạn của sở, ban, ngành"),
        ),
        migrations.AddField(
            model_name="round",
            name="from_on",
            field=models.DateField(null=True, verbose_name="từ ngày"),
        ),
        migrations.AddField(
            model_name="round",
            name="kind",
            field=models.CharField(
                choices=[
                    ("PERIOD", "Định kỳ"),
                    ("NINE_MONTHS", "Lũy kế 9 tháng"),
                    ("WEEK", "Hằng tuần"),
                    ("AD_HOC", "Đột xuất, chuyên đề"),
                ],
                default="PERIOD",
                max_length=12,
                verbose_name="loại đợt",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="province_due_at",
            field=models.DateTimeField(null=True, verbose_name="hạn của cấp tỉnh"),
        ),
        migrations.AddField(
            model_name="round",
            name="regime",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="round",
            name="title",
            field=models.CharField(blank=True, max_length=160, verbose_name="tên đợt"),
        ),
        migrations.AddField(
            model_name="round",
            name="to_on",
            field=models.DateField(null=True, verbose_name="đến ngày"),
        ),
        migrations.AddField(
            model_name="submission",
            name="fault",
            field=models.CharField(blank=True, max_length=10, verbose_name="loại lỗi"),
        ),
        migrations.AddField(
            model_name="submission",
            name="sent_at",
            field=models.DateTimeField(null=True, verbose_name="gửi đi lúc"),
        ),
        migrations.AddField(
            model_name="submission",
            name="step",
            field=models.CharField(blank=True, max_length=10, verbose_name="bước duyệt"),
        ),
        migrations.AddField(
            model_name="taskupdate",
            name="percent",
            field=models.SmallIntegerField(null=True, verbose_name="mức hoàn thành (%)"),
        ),
        migrations.AddField(
            model_name="taskupdate",
            name="product",
            field=models.CharField(blank=True, max_length=500, verbose_name="sản phẩm"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "PERIOD")),
                fields=("plan", "period"),
                name="one_round_a_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "PERIOD"), _negated=True),
                fields=("plan", "kind", "from_on", "to_on", "title"),
                name="one_round_of_these_days",
            ),
        ),
        migrations.AddField(
            model_name="appraisal",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="appraisal",
            name="update",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appraisals",
                to="reporting.taskupdate",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="reporting.submission",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="on_behalf_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="reporting.submission",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="away",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations_given",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="deputy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations_held",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exemption",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exemption",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exemptions",
                to="reporting.round",
            ),
        ),
        migrations.AddField(
            model_name="exemption",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exemptions",
                to="org.unit",
            ),
        ),
        migrations.AddField(
            model_name="exemption",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="released_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holds",
                to="reporting.submission",
            ),
        ),
        migrations.AddField(
            model_name="regimechange",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="regimechange",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="regimes", to="plans.plan"
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="reporting.round",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("released_at__isnull", True)),
                fields=("submission",),
                name="one_hold_at_a_time",
            ),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunPython(lay, lift),
    ]
