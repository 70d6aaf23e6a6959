"""Accounts and posts (tài khoản, vị trí): opened, appointed, ended, closed, unlocked."""

from __future__ import annotations

from datetime import date, datetime

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet

from namro import vietnamese
from namro.web.frame import clock
from namro.web.org.journal import record
from namro.web.org.models import Post, Unit, User
from namro.web.org.passwords import first_password
from namro.web.org.queries import allow, allow_person, in_force, posts_of
from namro.web.org.rules import IDLE_AFTER, ROLE_LABELS, Role, Verb


class NotFitting(ValueError):
    """What is asked does not fit what is there; the message is Vietnamese."""


@transaction.atomic
def create_user(
    *,
    by: User | None,
    at: datetime,
    username: str,
    full_name: str,
    password: str | None,
    email: str = "",
    phone: str = "",
    must_change_password: bool = True,
) -> User:
    """Open an account of one's own for a person (tạo tài khoản). `by` None: the installation.

    `password` None: nobody can sign in until one is set. Raises ValidationError: the name is
    taken or not fit, the password too weak.
    """
    if by:
        allow(by, Verb.MANAGE_PEOPLE, on=clock.day_of(at))
    user = User(username=username, full_name=full_name, email=email, phone=phone, joined_at=at)
    user.must_change_password = must_change_password
    if password is not None:
        validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    record(by, "org.create_user", user, at=at, summary=f"Tạo tài khoản {username} ({full_name})")
    return user


@transaction.atomic
def open_account(
    *,
    by: User | None,
    at: datetime,
    username: str,
    full_name: str,
    unit: Unit,
    role: Role,
    reach: Unit | None = None,
    title: str = "",
    email: str = "",
    phone: str = "",
    from_on: date,
) -> tuple[User, str]:
    """An account and its first post at once; give it with the first password, shown only once."""
    password = first_password()
    user = create_user(
        by=by,
        at=at,
        username=username,
        full_name=full_name,
        password=password,
        email=email,
        phone=phone,
    )
    appoint(
        by=by, at=at, user=user, unit=unit, role=role, reach=reach, title=title, from_on=from_on
    )
    return user, password


@transaction.atomic
def appoint(
    *,
    by: User | None,
    at: datetime,
    user: User,
    unit: Unit,
    role: Role,
    reach: Unit | None = None,
    title: str = "",
    from_on: date,
) -> Post:
    """Give a person a post in a unit (giao vị trí); `reach` defaults to the unit itself.

    Nobody gives a post to themselves, nor a reach beyond their own. Raises NotAllowed; NotFitting
    where the person already holds the same post or the account is closed.
    """
    reach = reach or unit
    if by:
        for touched in {unit, reach}:
            allow(by, Verb.MANAGE_PEOPLE, touched, on=clock.day_of(at))
        allow_person(by, user, on=clock.day_of(at))
    if not user.is_active:
        raise NotFitting("Tài khoản đã ngừng hoạt động; hãy mở lại trước khi giao vị trí.")
    same = Post.objects.filter(in_force(from_on), user=user, unit=unit, reach=reach, role=role)
    if same.exists():
        raise NotFitting(f"{user.full_name} đang giữ đúng vị trí này tại {unit.name}.")
    post = Post.objects.create(
        user=user, unit=unit, reach=reach, role=role, title=title, from_on=from_on
    )
    _forget_posts(user)
    where = "" if reach == unit else f", phạm vi {reach.name}"
    summary = f"Giao vị trí {ROLE_LABELS[Role(role)]} tại {unit.name} cho {user.full_name}{where}"
    record(by, "org.appoint", post, at=at, unit_code=unit.code, summary=summary)
    return post


@transaction.atomic
def end_post(*, post: Post, by: User | None, at: datetime, to_on: date) -> Post:
    """End a post from a day on (thôi giữ vị trí); that day is the first without it."""
    if by:
        allow(by, Verb.MANAGE_PEOPLE, post.unit, on=clock.day_of(at))
        allow_person(by, post.user, on=clock.day_of(at))
    if to_on < post.from_on:
        started = vietnamese.format_date(post.from_on)
        raise NotFitting(f"Ngày thôi không được trước ngày giao vị trí ({started}).")
    ended = Post.objects.filter(pk=post.pk, to_on__isnull=True).update(to_on=to_on)
    if not ended:
        raise NotFitting("Vị trí này đã được kết thúc trước đó.")
    post.refresh_from_db()
    _forget_posts(post.user)
    summary = f"Thôi vị trí {post.get_role_display()} tại {post.unit.name}: {post.user.full_name}"
    record(by, "org.end_post", post, at=at, unit_code=post.unit.code, summary=summary)
    return post


@transaction.atomic
def close_account(*, user: User, by: User | None, at: datetime, reason: str = "") -> None:
    """Close an account (ngừng tài khoản): sessions end at once, posts end today, history stays."""
    if by:
        allow_person(by, user, on=clock.day_of(at))
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, closed_at=at):
        raise NotFitting("Tài khoản này đã ngừng hoạt động trước đó.")
    user.refresh_from_db()
    today = clock.day_of(at)
    still = Post.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=today), user=user)
    still.filter(from_on__lte=today).update(to_on=today)
    still.filter(from_on__gt=today).update(to_on=F("from_on"))  # never begun, never in force
    unit_code = _unit_code(user, today)
    _forget_posts(user)
    summary = f"Ngừng tài khoản {user.username} ({user.full_name})"
    summary += f": {reason}" if reason else ""
    record(by, "org.close_account", user, at=at, unit_code=unit_code, summary=summary)


@transaction.atomic
def reopen_account(*, user: User, by: User | None, at: datetime) -> str:
    """Let a closed account be used again (mở lại), without posts; give its new password."""
    if by:
        allow_person(by, user, on=clock.day_of(at))
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, closed_at=None):
        raise NotFitting("Tài khoản này đang hoạt động.")
    user.refresh_from_db()
    record(by, "org.reopen_account", user, at=at, summary=f"Mở lại tài khoản {user.username}")
    return _renew_password(user, at)


@transaction.atomic
def reset_password(*, user: User, by: User | None, at: datetime) -> str:
    """Give a new first password (đặt lại mật khẩu), shown once, to be changed at sign-in."""
    if by:
        allow_person(by, user, on=clock.day_of(at))
    password = _renew_password(user, at)
    unit_code = _unit_code(user, clock.day_of(at))
    summary = f"Đặt lại mật khẩu của {user.username} ({user.full_name})"
    record(by, "org.reset_password", user, at=at, unit_code=unit_code, summary=summary)
    return password


@transaction.atomic
def unlock(*, user: User, by: User | None, at: datetime) -> int:
    """Lift the lock after too many wrong passwords (mở khóa); give how many attempts it forgets."""
    if by:
        allow_person(by, user, on=clock.day_of(at))
    forgotten = reset(username=user.username)
    unit_code = _unit_code(user, clock.day_of(at))
    summary = f"Mở khóa đăng nhập của {user.username} ({user.full_name})"
    record(by, "org.unlock", user, at=at, unit_code=unit_code, summary=summary)
    return forgotten


@transaction.atomic
def change_password(*, user: User, password: str, at: datetime) -> None:
    """A person chooses their own password (đổi mật khẩu). Raises ValidationError for a weak one."""
    validate_password(password, user)
    if user.check_password(password):
        raise ValidationError("Mật khẩu mới phải khác mật khẩu đang dùng.")
    user.set_password(password)
    user.must_change_password = False
    user.password_set_at = at
    user.save(update_fields=["password", "must_change_password", "password_set_at"])
    record(user, "org.change_password", user, at=at, summary=f"{user.full_name} đổi mật khẩu")


def sign_in(*, user: User, at: datetime) -> None:
    """Note a sign-in (đăng nhập)."""
    record(user, "org.sign_in", user, at=at, summary=f"{user.full_name} đăng nhập")


def sign_out(*, user: User, at: datetime) -> None:
    """Note a sign-out (đăng xuất)."""
    record(user, "org.sign_out", user, at=at, summary=f"{user.full_name} đăng xuất")


def idle_accounts(at: datetime) -> QuerySet[User]:
    """Accounts nobody has signed in to for 45 days, nor opened since."""
    limit = at - IDLE_AFTER
    unused = Q(last_login__lt=limit) | Q(last_login__isnull=True, joined_at__lt=limit)
    return User.objects.filter(unused, is_active=True)


@transaction.atomic
def close_idle_accounts(*, at: datetime, by: User | None = None) -> list[User]:
    """Close what nobody has used for 45 days (TCVN 14423:2026); administrators are only listed.

    The last administrator must not be shut out by a holiday.
    """
    closed = []
    for user in idle_accounts(at).order_by("pk"):
        if any(p.role == Role.ADMIN for p in posts_of(user, clock.day_of(at))):
            continue
        close_account(user=user, by=by, at=at, reason="không sử dụng quá 45 ngày")
        closed.append(user)
    return closed


def _renew_password(user: User, at: datetime) -> str:
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.password_set_at = None
    user.save(update_fields=["password", "must_change_password", "password_set_at"])
    reset(username=user.username)
    return password


def _unit_code(user: User, on: date) -> str:
    posts = posts_of(user, on)
    if posts:
        return posts[0].unit.code
    last = Post.objects.filter(user=user).select_related("unit").order_by("-from_on").first()
    return last.unit.code if last else ""


def _forget_posts(user: User) -> None:
    """What `queries.posts_of` kept on this object is no longer so."""
    user.__dict__.pop("_posts_on", None)
