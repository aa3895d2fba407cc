"""The register of processing: which data of whom, what for, on which ground, how long, who gets to see them.

A test holds it against the models of the whole house: a field that is neither here nor among those without persons
(tests/house/fields_without_persons.txt) fails it. The page, the export and the notice are drawn from it.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .rules import Ground, Processing

EVERYBODY, STAFF = _("người học, cán bộ"), _("cán bộ, cộng tác viên")
NOBODY = _("không ai khác")
OFFICE = _("cán bộ trong phạm vi đơn vị của họ")
# Why the download of one's own data does not show a field.
SECRET = _("bí mật của tài khoản: ai có nó thì vào được thay bạn")
MARK = _("dấu kiểm để máy tìm và so, không đọc ra được điều gì về bạn")
NAMELESS = _("số đếm không có tên, không dẫn tới ai")
PASSING = _("chỉ nằm lại đến khi máy chuyển xong, rồi mất")
ONLY_ID = _("chỉ chứa mã tài khoản của bạn, đã có ở trên")
QUESTIONS = _("để đề kiểm tra không lộ trước")

REGISTER = (
    Processing(
        key="account",
        title=_("Tài khoản: họ tên, năm sinh, giới tính, nhóm người học, nơi ở"),
        fields={
            "people.Person": "id created_at name position serves birth_year sex audience language large_type "
            "home_place is_active anonymised_at",
        },
        people=EVERYBODY,
        purpose=_("nhận ra bạn, gợi ý bài phù hợp, đếm người học theo nhóm"),
        ground=Ground.REQUEST,
        receivers=_("không ai khác; số liệu đếm không có tên"),
        kept=("account",),
        whose={"people.Person": "id={id}"},
    ),
    Processing(
        key="ethnicity",
        title=_("Dân tộc"),
        fields={"people.Person": "ethnicity"},
        people=_("người học tự nêu"),
        purpose=_("đếm người học theo nhóm dân tộc"),
        ground=Ground.CONSENT,
        receivers=_("không ai khác; số liệu đếm không có tên"),
        kept=("account", "consent"),
        sensitive=True,
        whose={"people.Person": "id={id}"},
    ),
    Processing(
        key="sign-in",
        title=_("Số điện thoại, thư điện tử, danh tính số, khoá truy cập, ứng dụng xác thực"),
        fields={
            "people.Person": "session_salt ended_sessions totp_sealed totp_last",
            "people.Identifier": "id created_at person kind sealed lookup verified_at",
            "people.OneTimeCode": "id created_at kind lookup sealed letter_sealed asker code_hash purpose expires_at "
            "tries_left used_at browser",
            "people.Passkey": "id created_at person credential_id public_key sign_count label last_used_at",
            "base.Tries": "bucket",
        },
        people=EVERYBODY,
        purpose=_("đăng nhập, chống người lạ vào tài khoản"),
        ground=Ground.SECURITY,
        receivers=_("cổng tin nhắn, thư điện tử, nhà cung cấp danh tính số mà bạn dùng"),
        kept=("account", "codes", "counters"),
        sensitive=True,
        whose={"people.Person": "id={id}", "people.OneTimeCode": "lookup={lookup}"},
        opened={"people.Identifier.sealed": "identifier", "people.OneTimeCode.sealed": "identifier"},
        withheld={
            "people.Person.session_salt": SECRET,
            "people.Person.totp_sealed": SECRET,
            "people.Person.totp_last": SECRET,
            "people.Identifier.lookup": MARK,
            "people.OneTimeCode.lookup": MARK,
            "people.OneTimeCode.letter_sealed": SECRET,
            "people.OneTimeCode.code_hash": SECRET,
            "people.OneTimeCode.asker": MARK,
            "base.Tries": MARK,
        },
    ),
    Processing(
        key="guardian",
        title=_("Người giám hộ của trẻ dưới 16 tuổi: tên, địa chỉ nhận tin, sự đồng ý"),
        fields={
            "people.Guardianship": "id created_at child guardian guardian_sealed guardian_name token_hash token_sealed "
            "expires_at consented_at withdrawn_at confirmed_by confirmed_how",
        },
        people=_("trẻ em, người giám hộ"),
        purpose=_("hỏi người giám hộ trước khi lưu kết quả của trẻ"),
        ground=Ground.REQUEST,
        receivers=_("cổng tin nhắn, thư điện tử"),
        kept=("account", "guardian-requests"),
        opened={"people.Guardianship.guardian_sealed": "identifier"},
        belongs={
            "people.Guardianship.guardian_sealed": "guardian",
            "people.Guardianship.guardian_name": "guardian",
        },
        withheld={"people.Guardianship.token_hash": SECRET, "people.Guardianship.token_sealed": SECRET},
    ),
    Processing(
        key="consent",
        title=_("Sự đồng ý và yêu cầu về dữ liệu của mình"),
        fields={
            "people.Person": "keeps_records",
            "people.Consent": "id created_at person purpose said wording evidence",
            "people.PrivacyRequest": "id created_at person kind done_at note",
        },
        people=EVERYBODY,
        purpose=_("chứng minh bạn đã đồng ý, rút lại, yêu cầu điều gì"),
        ground=Ground.DUTY,
        receivers=NOBODY,
        kept=("account",),
        whose={"people.Person": "id={id}"},
    ),
    Processing(
        key="roles",
        title=_("Vai trò ở đơn vị, lời mời giữ vai trò"),
        fields={
            "people.RoleGrant": "id created_at person role unit starts_at ends_at granted_by",
            "people.RoleOffer": "id created_at kind lookup sealed role unit name offered_by expires_at state closed_at",
            "interop.ApiClient": "account",
        },
        people=STAFF,
        purpose=_("biết ai được làm gì ở đâu"),
        ground=Ground.DUTY,
        receivers=OFFICE,
        kept=("office", "offers"),
        whose={"people.RoleOffer": "lookup={lookup}"},
        opened={"people.RoleOffer.sealed": "identifier"},
        belongs={"people.RoleOffer.sealed": "lookup", "people.RoleOffer.name": "lookup"},
        withheld={"people.RoleOffer.lookup": MARK},
    ),
    Processing(
        key="learning",
        title=_("Việc học: bài đã học, câu trả lời khi tập, tiến độ, thẻ ôn"),
        fields={
            "records.Statement": "id person verb object content content_hash at stored_at seconds device voids "
            "fingerprint",
            "learning.Enrolment": "id created_at person programme edition why",
            "learning.LessonProgress": "id person lesson state best seconds last_at done_at",
            "learning.Completion": "id person lesson cause at stored_at times spent needed",
            "learning.ReviewCard": "id person lesson item card due",
            "learning.WeeklyGoal": "id created_at person since lessons",
        },
        people=_("người học"),
        purpose=_("học tiếp trên máy khác, ôn đúng lúc, đếm lượt học"),
        ground=Ground.CONSENT,
        receivers=_("không ai khác; số liệu đếm không có tên"),
        kept=("account",),
        sensitive=True,
        withheld={"records.Statement.content_hash": MARK, "records.Statement.fingerprint": MARK},
    ),
    Processing(
        key="review-reminders",
        title=_("Nhắc ôn bài: cách, giờ bạn chọn, máy nhận thông báo, những lần đã nhắc"),
        fields={
            "learning.ReviewReminder": "id created_at person way often hour chat_handle chosen_at next_at ended_at "
            "ended_why",
            "learning.ReviewCall": "id created_at reminder device way at sent_at",
            "reminders.PushDevice": "id created_at person lookup sealed",
        },
        people=_("người học đã chọn được nhắc"),
        purpose=_("nhắc bạn ôn điều sắp quên, theo cách bạn chọn"),
        ground=Ground.REQUEST,
        receivers=_(
            "cổng tin nhắn, thư điện tử, ứng dụng nhắn tin, dịch vụ thông báo của hãng trình duyệt (không đọc được lời)"
        ),
        kept=("account", "review-calls"),
    ),
    Processing(
        key="tests",
        title=_("Bài kiểm tra: câu trả lời, kết quả"),
        fields={
            "assess.Attempt": "id created_at person programme edition kind state seed form submitted_at result "
            "fingerprint",
            "assess.Answer": "id created_at attempt position item response correct fingerprint",
        },
        people=_("người học"),
        purpose=_("xếp trình độ, cấp chứng nhận"),
        ground=Ground.CONSENT,
        receivers=NOBODY,
        kept=("account",),
        whose={"assess.Answer": "attempt__person={id}"},
        after={"assess.Answer.correct": "attempt__submitted_at", "assess.Attempt.form": "submitted_at"},
        withheld={
            "assess.Attempt.seed": QUESTIONS,
            "assess.Attempt.fingerprint": MARK,
            "assess.Answer.fingerprint": MARK,
        },
    ),
    Processing(
        key="certificates",
        title=_("Chứng nhận: họ tên, chương trình, bậc, ngày cấp"),
        fields={
            "credentials.Credential": "id created_at holder edition unit attempt supersedes state holder_name tier key "
            "status_index signed show_name issued_at expires_at ended_reason ended_at",
            "credentials.RevocationRequest": "id created_at reason asked_by state decided_by decided_at credential to",
        },
        people=_("người được cấp"),
        purpose=_("chứng minh bạn đã đạt, cho người khác kiểm tra"),
        ground=Ground.CONSENT,
        receivers=_("đơn vị cấp; ai có mã chứng nhận (tên chỉ hiện khi bạn chọn)"),
        kept=("certificates",),
        whose={"credentials.RevocationRequest": "credential__holder={id}"},
    ),
    Processing(
        key="help",
        title=_("Yêu cầu nhờ giúp: nội dung, cách liên hệ"),
        fields={
            "helpdesk.ResidentRequest": "id created_at unit topic text channel asker may_call tell contact_name "
            "contact_sealed reference recorded_by state due_on answer_by taken_by rating rating_note",
            "helpdesk.RequestMove": "id created_at request unit to by at note late_days first rating",
            "helpdesk.RequestReply": "id created_at request by text lessons told_at",
        },
        people=_("người dân nhờ giúp, cán bộ giúp"),
        purpose=_("trả lời và giúp bạn"),
        ground=Ground.REQUEST,
        receivers=_("người được giao giúp dân ở đơn vị nhận yêu cầu"),
        kept=("help-contacts", "help"),
        whose={"helpdesk.RequestMove": "request__asker={id}", "helpdesk.RequestReply": "request__asker={id}"},
        opened={"helpdesk.ResidentRequest.contact_sealed": "request-contact"},
        belongs={
            **dict.fromkeys(
                [f"helpdesk.ResidentRequest.{name}" for name in ("text", "contact_name", "contact_sealed", "reference")]
                + ["helpdesk.ResidentRequest.rating_note"],
                "asker",
            ),
        },
    ),
    Processing(
        key="messages",
        title=_("Lời nhắn và nhắc việc đã gửi cho bạn, cách bạn muốn nhận"),
        fields={
            "reminders.Reminder": "id created_at person kind subject_id unit title due_on rule rule_key by note "
            "told_at read_at over_at",
            "reminders.ReminderMessage": "id created_at outgoing person day channel title text told_until",
            "reminders.ReminderPreference": "id created_at person channels chat_handle quiet_from quiet_to",
            "reminders.Notice": "id created_at person subject text",
            "base.OutboxMessage": "receiver",
            "base.OutboxReceiver": "name",
        },
        people=EVERYBODY,
        purpose=_("báo cho bạn việc cần biết, đến hạn"),
        ground=Ground.DUTY,
        receivers=_("cổng tin nhắn, thư điện tử, ứng dụng nhắn tin"),
        kept=("notices", "message-words", "sent"),
        belongs=dict.fromkeys(["reminders.Reminder.told_at", "reminders.Reminder.read_at"], "person"),
        withheld={"base.OutboxMessage": ONLY_ID, "base.OutboxReceiver": ONLY_ID},
    ),
    Processing(
        key="acts-in-learning",
        title=_("Ai soạn, thẩm định, duyệt chương trình"),
        fields={
            "library.Edition": "written_by approved_by",
            "library.WithdrawalRequest": "reason asked_by decided_by",
            "library.ReviewComment": "text author",
        },
        people=STAFF,
        purpose=_("trách nhiệm về nội dung được phát hành"),
        ground=Ground.DUTY,
        receivers=OFFICE,
        kept=("office",),
    ),
    Processing(
        key="acts-in-figures",
        title=_("Ai khai, sửa, đặt số liệu và chỉ số"),
        fields={
            "indicators.Value": "by",
            "indicators.ReplacedValue": "by",
            "indicators.Flag": "by",
            "indicators.Target": "changed_by",
            "indices.IndexDefinition": "changed_by",
            "indices.IndexRun": "by",
        },
        people=STAFF,
        purpose=_("trách nhiệm về số liệu"),
        ground=Ground.DUTY,
        receivers=OFFICE,
        kept=("office",),
    ),
    Processing(
        key="long-work",
        title=_("Ai nhờ máy làm việc dài, tệp gửi kèm, kết quả"),
        fields={"jobs.Job": "by_id language args says faults more_faults error"},
        people=STAFF,
        purpose=_("trả kết quả cho người đã nhờ"),
        ground=Ground.DUTY,
        receivers=NOBODY,
        kept=("jobs",),
        whose={"jobs.Job": "by_id={id}"},
    ),
    Processing(
        key="acts-in-steering",
        title=_("Ai viết, gửi, duyệt, nhận kế hoạch, nhiệm vụ, báo cáo, văn bản, góp ý, kiểm tra, đóng góp"),
        fields={
            "documents.DocumentProfile": "changed_by",
            "documents.OfficialDocument": "changed_by signer written_by writers issued_by",
            "resources.Pledge": "changed_by offered_by verified_by",
            "resources.Need": "changed_by asked_by",
            "resources.Allocation": "allocated_by",
            "resources.PledgeMove": "by",
            "resources.NeedMove": "by",
            "resources.AllocationMove": "by",
            "plans.Plan": "changed_by written_by writers submitted_by approved_by",
            "plans.Task": "changed_by leader",
            "plans.ProgressNote": "by",
            "plans.Product": "by",
            "plans.ChangeRequest": "by decided_by",
            "plans.Scheme": "changed_by",
            "plans.SchemeLink": "by",
            "consultations.Consultation": "changed_by written_by answered_by reported_by",
            "consultations.Clause": "changed_by",
            "consultations.Invitation": "sent_by",
            "consultations.Comment": "changed_by by answered_by",
            "reports.Regime": "changed_by written_by",
            "reports.Report": "changed_by writers written_by submitted_by decided_by",
            "reports.ReportMove": "by",
            "reports.FigureThread": "by resolved_by",
            "reports.FigureMessage": "by",
            "reports.Review": "changed_by writers written_by submitted_by approved_by",
            "inspections.Inspection": "changed_by written_by team drafters drafted_by concluded_by",
            "inspections.Visit": "finished_by",
            "inspections.VisitSheet": "by",
            "inspections.Finding": "changed_by by",
            "inspections.Remedy": "asked_by proposed_by verified_by",
            "reminders.ReminderRule": "changed_by",
            "helpdesk.RequestTerm": "changed_by",
        },
        people=STAFF,
        purpose=_("trách nhiệm về việc công"),
        ground=Ground.DUTY,
        receivers=OFFICE,
        kept=("office",),
        whose={"reports.Report": "writers__icontains={id}", "reports.Review": "writers__icontains={id}"},
    ),
    Processing(
        key="files",
        title=_("Tệp minh chứng, sản phẩm, ảnh hiện trường"),
        fields={
            "base.Attachment": "id created_at subject name sha256 size kind by_id",
            "inspections.VisitPhoto": "id visit question attachment by at",
        },
        people=_("cán bộ; người có trong ảnh hoặc tệp"),
        purpose=_("minh chứng cho báo cáo, nhiệm vụ, kiểm tra"),
        ground=Ground.DUTY,
        receivers=OFFICE,
        kept=("office",),
        whose={"base.Attachment": "by_id={id}"},
    ),
    Processing(
        key="statistics",
        title=_("Số đếm theo nhóm; nhóm dưới 5 người không hiện ra ngoài đơn vị"),
        fields={
            "indicators.Cell": "audience sex age_band ethnicity value",
            "learning.LearnersNearby": "place people",
        },
        people=_("người học, không có tên"),
        purpose=_("thống kê, điều hành"),
        ground=Ground.DUTY,
        receivers=_("công chúng (số đã che), cán bộ trong phạm vi"),
        kept=("statistics",),
        withheld={"indicators.Cell": NAMELESS, "learning.LearnersNearby": NAMELESS},
    ),
    Processing(
        key="journal",
        title=_("Nhật ký việc làm trên hệ thống, việc đang chờ chuyển"),
        fields={
            "base.JournalEntry": "number at actor act subject data previous hash",
            "base.PendingEvent": "data",
            "base.DoneOnce": "sealed",
            "base.NotTaken": "thing shown why",
        },
        people=EVERYBODY,
        purpose=_("biết ai đã làm gì, chống chối bỏ, tìm lỗi"),
        ground=Ground.SECURITY,
        receivers=_("người được xem nhật ký trong phạm vi"),
        kept=("journal", "counters", "not-taken"),
        whose={
            "base.JournalEntry": "actor={id} subject=person:{id}",
            "base.NotTaken": "thing=person:{id}",
        },
        withheld={
            "base.JournalEntry.previous": MARK,
            "base.JournalEntry.hash": MARK,
            "base.PendingEvent": PASSING,
            "base.DoneOnce": PASSING,
        },
    ),
    Processing(
        key="breaches",
        title=_("Sổ vi phạm dữ liệu cá nhân"),
        fields={"privacy.Breach": "changed_by recorded_by told_by"},
        people=STAFF,
        purpose=_("xử lý và thông báo vi phạm đúng hạn"),
        ground=Ground.DUTY,
        receivers=_("cơ quan chuyên trách; người bị ảnh hưởng"),
        kept=("office",),
    ),
)
