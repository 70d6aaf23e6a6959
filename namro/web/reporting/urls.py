"""Addresses of this room."""

from django.urls import path

from namro.web.reporting.views import approval, batches, duties, rounds, tasks

app_name = "reporting"
urlpatterns = [
    path("dot-bao-cao/", rounds.rounds, name="rounds"),
    path("dot-bao-cao/mo/", rounds.open_round, name="open_round"),
    path("dot-bao-cao/<int:pk>/", rounds.show_round, name="round"),
    path("dot-bao-cao/<int:pk>/han/", rounds.move_due, name="move_due"),
    path("dot-bao-cao/ngay-nghi/", rounds.days, name="days"),
    path("bao-cao/", duties.duties, name="duties"),
    path("bao-cao/<int:pk>/", duties.show_duty, name="duty"),
    path("bao-cao/<int:pk>/luu/", duties.save, name="save"),
    path("bao-cao/<int:pk>/nop/", duties.hand_in, name="hand_in"),
    path("bao-cao/<int:pk>/excel/", duties.workbook, name="workbook"),
    path("minh-chung/<int:pk>/", duties.evidence, name="evidence"),
    path("duyet/", approval.queue, name="queue"),
    path("duyet/nhieu/", approval.approve_many, name="approve_many"),
    path("ban-nop/<int:pk>/", approval.show_submission, name="submission"),
    path("ban-nop/<int:pk>/duyet/", approval.approve, name="approve"),
    path("ban-nop/<int:pk>/tra-lai/", approval.send_back, name="send_back"),
    path("ban-nop/<int:pk>/excel/", approval.workbook, name="submission_workbook"),
    path("nhiem-vu/", tasks.tasks, name="tasks"),
    path("nhiem-vu/<int:pk>/", tasks.show_task, name="task"),
    path("nhiem-vu/<int:pk>/cap-nhat/", tasks.update, name="update_task"),
    path("nhiem-vu/<int:pk>/lam-lai/", tasks.send_back, name="return_task"),
    path("du-lieu/", batches.batches, name="batches"),
    path("du-lieu/tep/<int:pk>/", batches.record_file, name="record_file"),
    path("du-lieu/tep/<int:pk>/kiem-tra/", batches.check_again, name="check_again"),
    path("du-lieu/tep/<int:pk>/loi/", batches.faults, name="faults"),
    path("du-lieu/<int:pk>/", batches.batch, name="batch"),
]
