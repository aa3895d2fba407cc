from django.urls import path

from . import assign, boards, changes, gantt, lists, mine, plan, tasks

__all__ = ["mine", "urlpatterns"]  # `mine` registers the lists of “Việc của tôi”


urlpatterns = [
    path("", lists.overview, name="plans"),
    path("tai.xlsx", lists.download, {"kind": "xlsx"}, name="plans-xlsx"),
    path("tai.csv", lists.download, {"kind": "csv"}, name="plans-csv"),
    path("moi/", lists.new, name="plan-new"),
    path("mau/", lists.templates, name="plan-templates"),
    path("bang/", boards.board, name="plan-board"),
    path("lich/", boards.calendar, name="plan-calendar"),
    path("lich.ics", boards.calendar_file, name="plan-calendar-file"),
    path("xin-doi/", changes.waiting, name="plan-changes"),
    path("xin-doi/<uuid:pk>/", changes.change, name="plan-change"),
    path("xin-doi/<uuid:pk>/rut/", changes.withdraw, name="plan-change-withdraw"),
    path("xin-doi/<uuid:pk>/tra-loi/", changes.decide, name="plan-change-decide"),
    path("nhiem-vu/", boards.task_list, name="tasks"),
    path("nhiem-vu/tai.xlsx", boards.download, {"kind": "xlsx"}, name="tasks-xlsx"),
    path("nhiem-vu/tai.csv", boards.download, {"kind": "csv"}, name="tasks-csv"),
    path("nhiem-vu/<uuid:pk>/", tasks.task, name="task"),
    path("nhiem-vu/<uuid:pk>/sua/", tasks.edit, name="task-edit"),
    path("nhiem-vu/<uuid:pk>/cho/", tasks.reorder, name="task-reorder"),
    path("nhiem-vu/<uuid:pk>/xoa/", tasks.delete, name="task-delete"),
    path("nhiem-vu/<uuid:pk>/tien-do/", tasks.note, name="task-note"),
    path("nhiem-vu/<uuid:pk>/san-pham/", tasks.product, name="task-product"),
    path("nhiem-vu/<uuid:pk>/xong/", tasks.complete, name="task-complete"),
    path("nhiem-vu/<uuid:pk>/mo-lai/", tasks.reopen, name="task-reopen"),
    path("nhiem-vu/<uuid:pk>/tra-loi/", tasks.answer_task, name="task-answer"),
    path("nhiem-vu/<uuid:pk>/giao/", assign.assign, name="task-assign"),
    path("nhiem-vu/<uuid:pk>/duyet/", assign.approve, name="task-approve"),
    path("nhiem-vu/<uuid:pk>/thu-hoi/", assign.take_back, name="task-take-back"),
    path("nhiem-vu/<uuid:pk>/xin-doi/", changes.ask_for_task, name="task-change"),
    path("san-pham/<uuid:pk>/", tasks.file, name="product-file"),
    path("<uuid:pk>/", plan.plan, name="plan"),
    path("<uuid:pk>/sua/", plan.edit, name="plan-edit"),
    path("<uuid:pk>/xoa/", plan.delete, name="plan-delete"),
    path("<uuid:pk>/chuyen/", plan.move, name="plan-move"),
    path("<uuid:pk>/luu-mau/", plan.keep_as_template, name="plan-template"),
    path("<uuid:pk>/nhat-ky/", plan.history, name="plan-history"),
    path("<uuid:pk>/so-sanh/", plan.comparison, name="plan-comparison"),
    path("<uuid:pk>/thoi-gian/", gantt.gantt, name="plan-gantt"),
    path("<uuid:pk>/nhiem-vu/moi/", tasks.new, name="task-new"),
    path("<uuid:pk>/xin-doi/", changes.ask_for_plan, name="plan-change-ask"),
    path("<uuid:pk>/xin-them/", changes.ask_to_add, name="task-change-add"),
]
