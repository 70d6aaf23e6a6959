"""Who may do what: one table, role × verb. Scope (which units) is the post's reach, see queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum


class Tree(StrEnum):
    """The two hierarchies that run side by side and meet at the province."""

    PARTY = "PARTY"
    GOVERNMENT = "GOVERNMENT"


TREE_LABELS = {Tree.GOVERNMENT: "Chính quyền", Tree.PARTY: "Đảng"}


class Kind(StrEnum):
    """What a unit is (loại đơn vị)."""

    PROVINCE = "PROVINCE"
    PEOPLES_COMMITTEE = "PEOPLES_COMMITTEE"
    DEPARTMENT = "DEPARTMENT"
    COMMUNE = "COMMUNE"
    WARD = "WARD"
    PARTY_COMMITTEE = "PARTY_COMMITTEE"
    PARTY_BODY = "PARTY_BODY"
    COMMUNE_PARTY_COMMITTEE = "COMMUNE_PARTY_COMMITTEE"


KIND_LABELS = {
    Kind.PROVINCE: "Tỉnh",
    Kind.PEOPLES_COMMITTEE: "Ủy ban nhân dân tỉnh",
    Kind.DEPARTMENT: "Sở, ban, ngành",
    Kind.COMMUNE: "Xã",
    Kind.WARD: "Phường",
    Kind.PARTY_COMMITTEE: "Đảng ủy cấp tỉnh, trực thuộc",
    Kind.PARTY_BODY: "Cơ quan tham mưu của Đảng",
    Kind.COMMUNE_PARTY_COMMITTEE: "Đảng ủy xã, phường",
}


class Role(StrEnum):
    """What a post is for (vai trò)."""

    ADMIN = "ADMIN"
    COORDINATOR = "COORDINATOR"
    LEADER = "LEADER"
    REVIEWER = "REVIEWER"
    REPORTER = "REPORTER"
    INSPECTOR = "INSPECTOR"


ROLE_LABELS = {
    Role.ADMIN: "Quản trị hệ thống",
    Role.COORDINATOR: "Điều phối kế hoạch",
    Role.LEADER: "Lãnh đạo",
    Role.REVIEWER: "Duyệt số liệu",
    Role.REPORTER: "Cán bộ báo cáo",
    Role.INSPECTOR: "Kiểm tra, giám sát",
}


class Verb(StrEnum):
    """What one may do (quyền)."""

    SEE_PLAN = "SEE_PLAN"  # documents once confirmed, targets, tasks
    SEE_FIGURES = "SEE_FIGURES"  # results of units within reach
    SEE_RECORDS = "SEE_RECORDS"  # single dossiers
    RECEIVE_DOCUMENT = "RECEIVE_DOCUMENT"  # upload, review, confirm a plan
    ASSIGN = "ASSIGN"  # assign, bind measures
    OPEN_ROUND = "OPEN_ROUND"
    REPORT = "REPORT"  # fill in and submit the unit's own returns and task updates
    APPROVE = "APPROVE"  # approve or send back returns addressed to one's unit
    RECEIVE_RECORDS = "RECEIVE_RECORDS"  # raw data files; ask that a person's records be deleted
    ALLOW_REMOVAL = "ALLOW_REMOVAL"  # have them deleted, when somebody else has asked
    SEE_REMOVALS = "SEE_REMOVALS"  # what was deleted, and what waits
    REMIND = "REMIND"  # run the reminders, see the outbox
    EXCHANGE = "EXCHANGE"  # map other systems' templates; figures go out only with SEE_FIGURES
    PREPARE_PAPER = "PREPARE_PAPER"  # preview the official report
    ISSUE_PAPER = "ISSUE_PAPER"
    SEE_PAPERS = "SEE_PAPERS"
    SEE_PEOPLE = "SEE_PEOPLE"
    MANAGE_PEOPLE = "MANAGE_PEOPLE"  # units, accounts, posts
    SEE_JOURNAL = "SEE_JOURNAL"


_EVERYONE = frozenset({Verb.SEE_PLAN, Verb.SEE_FIGURES, Verb.SEE_PAPERS})

PERMISSIONS: dict[Role, frozenset[Verb]] = {
    # Least privilege: who runs the system does not touch figures.
    Role.ADMIN: frozenset({Verb.MANAGE_PEOPLE, Verb.SEE_PEOPLE, Verb.SEE_JOURNAL, Verb.EXCHANGE}),
    Role.COORDINATOR: _EVERYONE
    | {
        Verb.RECEIVE_DOCUMENT,
        Verb.ASSIGN,
        Verb.OPEN_ROUND,
        Verb.APPROVE,
        Verb.RECEIVE_RECORDS,
        Verb.SEE_RECORDS,
        Verb.SEE_REMOVALS,
        Verb.REMIND,
        Verb.EXCHANGE,
        Verb.PREPARE_PAPER,
        Verb.SEE_PEOPLE,
    },
    Role.LEADER: _EVERYONE
    | {
        Verb.PREPARE_PAPER,
        Verb.ISSUE_PAPER,
        Verb.SEE_PEOPLE,
        Verb.ALLOW_REMOVAL,
        Verb.SEE_REMOVALS,
    },
    Role.REVIEWER: _EVERYONE | {Verb.APPROVE, Verb.REPORT},
    Role.REPORTER: _EVERYONE | {Verb.REPORT},
    Role.INSPECTOR: _EVERYONE
    | {
        Verb.SEE_RECORDS,
        Verb.SEE_REMOVALS,
        Verb.SEE_JOURNAL,
        Verb.REMIND,
        Verb.SEE_PEOPLE,
    },
}


def grants(role: str, verb: Verb) -> bool:
    """Whether a post of this role carries this verb."""
    return verb in PERMISSIONS[Role(role)]


# TCVN 14423:2026: an administrator's password lasts two months; an account idle 45 days is closed.
ADMIN_PASSWORD_LASTS = timedelta(days=60)
IDLE_AFTER = timedelta(days=45)


def account_kind(roles: Iterable[str]) -> str:
    """Which of the kinds of account the standard tells apart; every account here is a person's."""
    return "Quản trị" if Role.ADMIN in set(roles) else "Nghiệp vụ"


def password_is_old(roles: Iterable[str], set_at: datetime | None, at: datetime) -> bool:
    """Whether a password must be changed for its age alone: administrators, after two months."""
    return Role.ADMIN in set(roles) and set_at is not None and at - set_at > ADMIN_PASSWORD_LASTS


# What the journal's page calls each verb that is recorded anywhere in the site.
VERB_LABELS = {
    "org.sign_in": "Đăng nhập",
    "org.sign_out": "Đăng xuất",
    "org.change_password": "Đổi mật khẩu",
    "org.reset_password": "Đặt lại mật khẩu",
    "org.unlock": "Mở khóa đăng nhập",
    "org.create_user": "Tạo tài khoản",
    "org.close_account": "Ngừng tài khoản",
    "org.reopen_account": "Mở lại tài khoản",
    "org.appoint": "Giao vị trí",
    "org.end_post": "Thôi vị trí",
    "org.load_units": "Nạp danh mục đơn vị",
    "org.rename_unit": "Đổi tên đơn vị",
    "org.create_unit": "Thành lập đơn vị",
    "org.move_unit": "Chuyển trực thuộc",
    "org.merge_units": "Sáp nhập đơn vị",
    "org.split_unit": "Chia tách đơn vị",
    "org.close_unit": "Kết thúc đơn vị",
    "plans.receive_document": "Nhận văn bản",
    "plans.read_document": "Đọc văn bản",
    "plans.read_again": "Đọc lại văn bản",
    "plans.read_other": "Đọc văn bản khác của tệp",
    "plans.reading_failed": "Không đọc được văn bản",
    "plans.save_draft": "Lưu bản rà soát",
    "plans.compare": "So sánh văn bản",
    "plans.rule_on_line": "Kết luận dòng so sánh",
    "plans.confirm_plan": "Xác nhận kế hoạch",
    "plans.set_measure": "Gắn cách đo",
    "plans.assign": "Phân công",
    "plans.end_assignment": "Thôi phân công",
    "plans.follow_units": "Phân công theo đơn vị sau sắp xếp",
    "plans.name_person": "Giao người phụ trách",
    "facts.record": "Ghi số liệu",
    "facts.take_batch": "Nhận dữ liệu hồ sơ",
    "facts.remove_records": "Xóa bản ghi",
    "facts.seek_person": "Tìm bản ghi của một người",
    "facts.ask_removal": "Đề nghị xóa bản ghi của một người",
    "facts.find_more": "Tìm thấy thêm bản ghi phải xóa",
    "facts.carry_out_removal": "Duyệt, xóa bản ghi của một người",
    "facts.refuse_removal": "Không duyệt xóa bản ghi",
    "facts.withdraw_removal": "Rút đề nghị xóa bản ghi",
    "facts.answer_doubt": "Trả lời điểm nghi vấn",
    "reporting.open_round": "Mở đợt báo cáo",
    "reporting.move_due": "Đổi hạn nộp",
    "reporting.close_round": "Đóng đợt báo cáo",
    "reporting.reopen_round": "Mở lại đợt báo cáo",
    "reporting.exempt": "Cho phép nộp sau khóa",
    "reporting.recall": "Thôi cho phép nộp sau khóa",
    "reporting.set_regime": "Đổi chế độ báo cáo",
    "reporting.change_terms": "Đổi chế độ của đợt",
    "reporting.delegate": "Ủy quyền",
    "reporting.end_delegation": "Thôi ủy quyền",
    "reporting.pass_on": "Duyệt, chuyển tiếp báo cáo",
    "reporting.comment": "Ý kiến về báo cáo",
    "reporting.hold": "Giữ lại báo cáo",
    "reporting.release": "Thôi giữ báo cáo",
    "reporting.appraise": "Thẩm định minh chứng",
    "reporting.mark_day": "Đánh dấu ngày nghỉ",
    "reporting.unmark_day": "Bỏ đánh dấu ngày nghỉ",
    "reporting.begin": "Bắt đầu nhập báo cáo",
    "reporting.enter_for": "Nhập thay đơn vị",
    "reporting.choose": "Chọn số giữa các lần nhập",
    "reporting.attach": "Đính kèm minh chứng",
    "reporting.detach": "Gỡ minh chứng",
    "reporting.submit": "Nộp báo cáo",
    "reporting.send_back": "Trả lại báo cáo",
    "reporting.approve": "Duyệt báo cáo",
    "reporting.receive_workbook": "Nhận biểu Excel",
    "reporting.receive_records": "Nhận tệp hồ sơ",
    "reporting.check_records": "Kiểm tra tệp hồ sơ",
    "reporting.update_task": "Cập nhật nhiệm vụ",
    "reporting.return_task": "Trả lại kết quả nhiệm vụ",
    "results.look_at_records": "Xem hồ sơ",
    "oversight.remind": "Đôn đốc",
    "exchange.receive_form": "Nhận biểu mẫu",
    "exchange.save_mapping": "Lưu cách ghép biểu mẫu",
    "exchange.ask_export": "Xuất biểu",
    "exchange.make_export": "Lập xong biểu",
    "exchange.download": "Tải biểu đã điền",
    "papers.issue_report": "Phát hành báo cáo",
}
_ROOM_LABELS = {
    "org": "tổ chức",
    "plans": "kế hoạch",
    "facts": "số liệu",
    "reporting": "báo cáo",
    "results": "kết quả",
    "oversight": "đôn đốc",
    "exchange": "trao đổi bằng tệp",
    "papers": "văn bản",
}


def verb_label(verb: str) -> str:
    """A recorded verb in words; one not named above by its field of work."""
    room = verb.partition(".")[0]
    return VERB_LABELS.get(verb) or f"Việc khác về {_ROOM_LABELS.get(room, 'hệ thống')}"
