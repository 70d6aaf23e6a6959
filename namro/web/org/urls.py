"""Addresses of this room."""

from django.urls import path

from namro.web.org.views import entrance, journal, people, reorganising, units

app_name = "org"
urlpatterns = [
    path("dang-nhap/", entrance.login, name="login"),
    path("dang-xuat/", entrance.leave, name="logout"),
    path("mat-khau/", entrance.password, name="password"),
    path("don-vi/", units.units, name="units"),
    path("don-vi/nap/", units.load_units, name="load_units"),
    path("don-vi/thanh-lap/", reorganising.create, name="create_unit"),
    path("don-vi/<str:code>/", units.unit, name="unit"),
    path("don-vi/<str:code>/doi-ten/", reorganising.rename, name="rename_unit"),
    path("don-vi/<str:code>/chuyen/", reorganising.move, name="move_unit"),
    path("don-vi/<str:code>/sap-nhap/", reorganising.merge, name="merge_unit"),
    path("don-vi/<str:code>/chia-tach/", reorganising.split, name="split_unit"),
    path("don-vi/<str:code>/ket-thuc/", reorganising.close, name="close_unit"),
    path("nguoi-dung/", people.people, name="people"),
    path("nguoi-dung/moi/", people.open_account, name="open_account"),
    path("nguoi-dung/<int:pk>/", people.person, name="person"),
    path("nguoi-dung/<int:pk>/vi-tri/", people.appoint, name="appoint"),
    path("nguoi-dung/<int:pk>/ngung/", people.close_account, name="close_account"),
    path("nguoi-dung/<int:pk>/mo-lai/", people.reopen_account, name="reopen_account"),
    path("nguoi-dung/<int:pk>/mo-khoa/", people.unlock, name="unlock"),
    path("nguoi-dung/<int:pk>/dat-lai-mat-khau/", people.reset_password, name="reset_password"),
    path("vi-tri/<int:pk>/ket-thuc/", people.end_post, name="end_post"),
    path("nhat-ky/", journal.journal, name="journal"),
    path("nhat-ky/kiem-tra/", journal.check, name="check_journal"),
]
