"""Who may do what: the policy of the whole site in one table.

A row is a route, the thing its address names (see ``world.World``), and people:

``get``      sees the page or the file; a page that only leads on to one's own counts as seen
``post``     does it: something is written
``refused``  is answered with a sentence, and nothing is written

Everybody else finds nothing there (404), and whoever is not signed in is led to the sign-in. A
method that no row of a route names is no method of that route (405). A route without a row fails.
"""

from dataclasses import dataclass

from .world import EVERYBODY, SIGNED_IN, TRAINEES

NOBODY = ""
ALL = " ".join(SIGNED_IN)
ANYBODY = " ".join(EVERYBODY)  # signed in or not
TRAINEE = " ".join(TRAINEES)  # for the own record
REVIEWER = "base base_elsewhere both city other_city province other_province"
DESKS = "base both city province"  # those that review an application of the base
BASES = "base base_elsewhere both"
KEEPERS = "province other_province admin"  # of the catalogue, which is one for all
BASE = "base both"  # two colleagues; the second is a trainee, too

TEACHING = "teacher head secretary"  # those of the department
OF_SUMMARY = "training/rotations/<uuid:pk>/summary/"
LOG_IMPORT = "training/rotations/<uuid:pk>/logbook/import/"
ARCHIVE = "training/rotations/<uuid:pk>/"
EXIT = "teaching/exits/<uuid:pk>/"
PLAN = "base/trainees/<uuid:pk>/plan/"
OURS = "teaching/rotations/<uuid:pk>/"
ARRANGING = f"{BASE} head secretary"  # the base, and the department of the rotation


@dataclass(frozen=True, slots=True)
class Row:
    route: str
    of: str = ""
    get: str | None = None
    post: str | None = None
    refused: str | None = None

    @property
    def is_public(self) -> bool:
        return "anonymous" in f"{self.get} {self.post} {self.refused}".split()

    def people(self, *columns: str) -> set[str]:
        return {person for column in columns for person in (getattr(self, column) or "").split()}

    def __str__(self) -> str:
        return f"{self.route or '/'} {self.of}".strip()


row = Row
TABLE = (
    # --- Open to everybody -------------------------------------------------------------------------
    row("", get=ANYBODY),
    row("healthz", get=ANYBODY),
    row("guide/", get=ANYBODY),
    row("guide.pdf", get=ANYBODY),
    row("downloads/", get=ANYBODY),
    row("downloads/<slug:name>.pdf", get=ANYBODY),
    row("news/", get=ANYBODY),
    row("news/<uuid:pk>/", "news", get=ANYBODY),
    row("login/", get=ANYBODY, post="anonymous disabled", refused=ALL),
    row("m/<str:token>/", "hand-off", get=ANYBODY, post=ANYBODY),  # whoever holds the token
    row("m/<str:token>/done/", "hand-off", post=ANYBODY),
    # --- One's own --------------------------------------------------------------------------------
    row("home/", get=ALL),
    row("logout/", refused=ALL),  # writes nothing but the session
    row("password/", get=ALL, post=ALL),
    row("kept/", get=ALL, refused=ALL),  # nothing was kept: both lead home
    row("notices/", get=ALL),
    row("notices/read/", post=ALL),
    # --- A trainee's record -----------------------------------------------------------------------
    row("training/rotations/", get=TRAINEE),
    row("training/rotations/<uuid:pk>/<slug:kind>.pdf", "submitted", get=f"owner {BASE} {TEACHING}"),
    row("training/profile/", get=TRAINEE),
    row("training/profile/basic/", post=TRAINEE),
    row("training/profile/licence/", post=TRAINEE),
    row("training/profile/education/", post=TRAINEE),
    row("training/profile/education/<uuid:pk>/", "submitted", post="owner"),
    row("training/profile/education/<uuid:pk>/remove/", "submitted", post="owner"),
    row("training/profile/documents/<str:kind>/", post="drafter returner", refused="owner stranger both"),
    row("training/profile/pictures/<uuid:pk>/", "submitted", get="owner"),
    row("training/profile/pictures/<uuid:pk>/small/", "submitted", get="owner"),
    row("training/profile/pictures/<uuid:pk>/view/", "submitted", get="owner"),
    row("training/profile/pictures/<uuid:pk>/mend/", "submitted", get="owner", refused="owner"),
    row("training/profile/pictures/<uuid:pk>/mend/", "crooked", get="drafter", post="drafter"),
    row("training/profile/pictures/<uuid:pk>/mended/", "crooked", get="drafter"),
    row("training/profile/pictures/<uuid:pk>/remove/", "submitted", refused="owner"),
    row("training/profile/pictures/<uuid:pk>/remove/", "draft", post="drafter"),
    # --- 出科: written by the trainee, filled in by the teacher or the secretary, confirmed by the head ---
    row("training/rotations/papers.pdf", get=TRAINEE),
    row(OF_SUMMARY, "submitted", get=f"owner {BASE} {TEACHING}", post="owner"),
    row(OF_SUMMARY, "exit to appraise", get=f"owner {BASE} {TEACHING}", refused="owner"),
    row(f"{OF_SUMMARY}submit/", "submitted", post="owner"),
    row(f"{OF_SUMMARY}submit/", "exit to appraise", refused="owner"),
    row("training/rotations/<uuid:pk>/assessment/", "submitted", get=f"owner {BASE} {TEACHING}"),
    row("training/rotations/<uuid:pk>/signed/<uuid:signing>/", "signed", get=f"owner {BASE} {TEACHING}"),
    row("training/rotations/<uuid:pk>/reopen/", "submitted", get=BASE, refused=BASE),
    row("training/rotations/<uuid:pk>/reopen/", "exit closed", get=BASE, post=BASE),
    row(f"{ARCHIVE}archive/", "submitted", get=BASE),
    row(f"{ARCHIVE}archive/", "hers", get=BASE),
    row(f"{ARCHIVE}archive/<str:kind>/", "submitted", post=BASE),
    row(f"{ARCHIVE}archive/<str:kind>/", "hers", post="base", refused="both"),
    row(f"{ARCHIVE}archive/<str:kind>/attest/", "archived", post=BASE),
    row(f"{ARCHIVE}archive/<str:kind>/attest/", "hers", refused=BASE),  # nothing is kept
    row(f"{ARCHIVE}archived/<uuid:page>/", "archived", get=BASE),
    row(f"{ARCHIVE}archived/<uuid:page>/small/", "archived", get=BASE),
    row("teaching/exits/", get=TEACHING),
    row("teaching/exits/signature/", get="teacher head", post="teacher head"),
    row("teaching/exits/signature/picture/", get="teacher"),
    row("teaching/exits/signature/drop/", post="teacher", refused="head"),  # the head has none
    row(f"{EXIT}summary/", "submitted", get=TEACHING, refused=TEACHING),
    row(f"{EXIT}summary/", "exit to appraise", get=TEACHING, post="teacher secretary", refused="head"),
    row(f"{EXIT}summary/return/", "exit to appraise", post="teacher secretary", refused="head"),
    row(f"{EXIT}assessment/", "submitted", get=TEACHING, post="teacher secretary", refused="head"),
    row(f"{EXIT}assessment/", "exit closed", get=TEACHING, refused=TEACHING),
    row(f"{EXIT}head/", "submitted", get=TEACHING, refused=TEACHING),
    row(f"{EXIT}head/", "exit to conclude", get=TEACHING, post="head", refused="teacher secretary"),
    row(f"{EXIT}head/return/", "exit to conclude", post="head", refused="teacher secretary"),
    # --- A trainee's application ------------------------------------------------------------------
    row("completion/", get=TRAINEE, refused=TRAINEE),  # who has begun is led on
    row("completion/<uuid:pk>/", "submitted", get="owner"),
    row("completion/<uuid:pk>/", "draft", get="drafter"),
    row("completion/<uuid:pk>/", "hers", get="both"),
    row("completion/<uuid:pk>/register/", "submitted", refused="owner"),
    row("completion/<uuid:pk>/register/", "draft", post="drafter"),
    row("completion/<uuid:pk>/check/", "draft", get="drafter"),
    row("completion/<uuid:pk>/submit/", "submitted", refused="owner"),
    row("completion/<uuid:pk>/submit/", "draft", post="drafter"),
    row("completion/<uuid:pk>/withdraw/", "submitted", post="owner"),
    row("completion/<uuid:pk>/withdraw/", "draft", refused="drafter"),
    row("completion/<uuid:pk>/status/", "submitted", get="owner"),
    row("completion/<uuid:pk>/findings/<uuid:finding>/", "returned", get="returner"),
    row("completion/<uuid:pk>/findings/<uuid:finding>/picture/", "returned", get="returner"),
    row("completion/<uuid:pk>/findings/<uuid:finding>/explain/", "returned", post="returner"),
    row("completion/<uuid:pk>/unlock/", "returned", post="returner"),
    row("completion/<uuid:pk>/unlock/", "submitted", refused="owner"),
    row("completion/<uuid:pk>/form.pdf", "submitted", get=f"owner {DESKS}"),
    row("completion/<uuid:pk>/form.pdf", "draft", get="drafter"),
    row("completion/<uuid:pk>/receipts/<int:number>/", "submitted", get="owner"),
    row("completion/<uuid:pk>/receipts/<int:number>/", "draft", get=NOBODY),
    row("completion/<uuid:pk>/receipts/<int:number>.pdf", "submitted", get="owner"),
    row("completion/<uuid:pk>/materials/", "submitted", get="owner"),
    row("completion/<uuid:pk>/materials/<uuid:rotation>/<str:kind>/", "submitted", refused="owner"),
    row("completion/<uuid:pk>/materials/<uuid:rotation>/<str:kind>/", "draft", post="drafter"),
    row("completion/<uuid:pk>/materials/pictures/<uuid:page>/", "submitted", get="owner"),
    row("completion/<uuid:pk>/materials/pictures/<uuid:page>/small/", "submitted", get="owner"),
    row("completion/<uuid:pk>/materials/pictures/<uuid:page>/view/", "submitted", get="owner"),
    row("completion/<uuid:pk>/materials/pictures/<uuid:page>/remove/", "submitted", refused="owner"),
    row("completion/<uuid:pk>/materials/pictures/<uuid:page>/remove/", "draft", post="drafter"),
    # --- 用手机拍 -----------------------------------------------------------------------------------
    row("phone/documents/<str:kind>/", post="drafter returner", refused="owner stranger both"),
    row("phone/papers/<uuid:pk>/<uuid:rotation>/<str:kind>/", "submitted", refused="owner"),
    row("phone/papers/<uuid:pk>/<uuid:rotation>/<str:kind>/", "draft", post="drafter"),
    row("phone/<uuid:pk>/", "hand-off", get="drafter"),
    row("phone/<uuid:pk>/end/", "hand-off", post="drafter"),
    # --- The review: nobody sees a draft, nobody reviews the own application --------------------------
    row("review/", get=REVIEWER),
    row("review/<uuid:pk>/", "submitted", get=DESKS),
    row("review/<uuid:pk>/", "draft", get=NOBODY),
    row("review/<uuid:pk>/", "hers", get="base city province"),
    row("review/<uuid:pk>/", "elsewhere", get="base_elsewhere other_city province"),
    row("review/<uuid:pk>/claim/", "submitted", post=BASE, refused="city province"),
    row("review/<uuid:pk>/claim/", "hers", post="base", refused="city province"),
    row("review/<uuid:pk>/claim/", "draft", post=NOBODY),
    row("review/<uuid:pk>/release/", "submitted", refused=DESKS),  # not claimed yet
    row("review/<uuid:pk>/release/", "claimed", post="base", refused="both city province"),
    row("review/<uuid:pk>/decide/", "submitted", refused=DESKS),  # not claimed yet
    row("review/<uuid:pk>/decide/", "claimed", post="base", refused="both city province"),
    row("review/<uuid:pk>/findings/", "submitted", refused=DESKS),  # not claimed yet
    row("review/<uuid:pk>/findings/", "claimed", post="base", refused="both city province"),
    row("review/<uuid:pk>/findings/<uuid:draft>/remove/", "claimed", post="base"),
    row("review/<uuid:pk>/revise/", "passed", post=BASE, refused="city province"),
    row("review/<uuid:pk>/supplements/<uuid:supplement>/", "submitted", post=BASE, refused="city province"),
    row("review/<uuid:pk>/rotations/<uuid:rotation>/ledger/", "submitted", get=DESKS),
    row("review/<uuid:pk>/rotations/<uuid:rotation>/ledger/", "draft", get=NOBODY),
    row("review/<uuid:pk>/rotations/<uuid:rotation>/ledger/", "hers", get="base city province"),
    row("review/<uuid:pk>/pictures/<uuid:page>/", "submitted", get=DESKS),
    row("review/<uuid:pk>/pictures/<uuid:page>/", "draft", get=NOBODY),
    row("review/<uuid:pk>/pictures/<uuid:page>/small/", "submitted", get=DESKS),
    # --- The desk of a base -----------------------------------------------------------------------
    row("base/trainees/", get="base base_elsewhere both"),
    row("base/trainees/<uuid:pk>/", "submitted", get=BASE, post=BASE),
    row("base/trainees/<uuid:pk>/", "draft", get=BASE, post=BASE),
    row("base/trainees/<uuid:pk>/", "hers", get=BASE, post="base", refused="both"),
    row("base/trainees/<uuid:pk>/papers.pdf", "submitted", get=BASE),
    row(PLAN, "submitted", get=BASE),
    row(PLAN, "hers", get=BASE),
    row(f"{PLAN}add/", "submitted", get=BASE, post=BASE),
    row(f"{PLAN}add/", "hers", get=BASE, post="base", refused="both"),
    row(f"{PLAN}scheme/", "submitted", get=BASE, post=BASE),
    row(f"{PLAN}scheme/", "hers", get=BASE, refused=BASE),
    row("base/departments/", get="base base_elsewhere both", post="base base_elsewhere both"),
    row("base/departments/<uuid:pk>/", "department", get=BASE, post=BASE),
    # --- Who arranges a rotation: the department its people and leave, the base the plan itself -----------
    row("teaching/rotations/", get="head secretary"),
    row(OURS, "submitted", get=ARRANGING),
    row(OURS, "hers", get=BASE),
    row(f"{OURS}people/", "submitted", post=ARRANGING),
    row(f"{OURS}people/", "hers", post="base", refused="both"),
    row(f"{OURS}people/", "exit closed", refused=ARRANGING),
    row(f"{OURS}leaves/", "submitted", post=ARRANGING),
    row(f"{OURS}leaves/", "exit closed", refused=ARRANGING),
    row(f"{OURS}leaves/<uuid:leave>/cancel/", "submitted", post=ARRANGING),
    row(f"{OURS}dates/", "submitted", post=BASE, refused="head secretary"),
    row(f"{OURS}exempt/", "submitted", post=BASE, refused="head secretary"),
    row(f"{OURS}exempt/", "exit closed", refused=ARRANGING),
    row(f"{OURS}exempt/cancel/", "submitted", refused=ARRANGING),
    row(f"{OURS}exempt/cancel/", "exempted", post=BASE, refused="head secretary"),
    row(f"{OURS}drop/", "submitted", refused=ARRANGING),  # something is written there
    row(f"{OURS}drop/", "to come", post=BASE, refused="head secretary"),
    row("base/trainees/<uuid:pk>/reset/", "submitted", post=BASE),
    row("base/trainees/<uuid:pk>/reset/", "hers", refused=BASE),  # a colleague's is the city's to reset
    row("base/trainees/<uuid:pk>/year/", "submitted", post=BASE),
    row("base/trainees/<uuid:pk>/year/", "hers", post="base", refused="both"),
    row("base/trainees/<uuid:pk>/year/", "passed", refused=BASE),
    row("base/history/", get=BASES, post=BASES),
    row("base/history/papers/", post=BASES),
    row("base/history/template.xlsx", get=BASES),
    row("base/history/<uuid:pk>/", "history import", get="base", post="base"),
    row("base/history/<uuid:pk>/failed.xlsx", "history import", get="base"),
    # --- 客服, and the province, for every trainee of the province ------------------------------------
    row("support/trainees/", get="support province other_province"),
    row("support/trainees/<uuid:pk>/", "submitted", get="support province"),
    row("support/trainees/<uuid:pk>/", "draft", get="support province"),
    row("support/trainees/<uuid:pk>/reset/", "submitted", post="support", refused="province"),
    row("support/trainees/<uuid:pk>/reset/", "hers", refused="support province"),
    row("support/trainees/<uuid:pk>/year/", "submitted", post="support province"),
    row("support/trainees/<uuid:pk>/extend/<uuid:season>/", "draft", post="province"),
    # --- Accounts: an office those below it, an administrator everybody's ------------------------------
    row("people/", get=f"{REVIEWER} admin"),
    row("people/<uuid:pk>/", "account of teacher", get=f"{BASE} admin"),
    row("people/<uuid:pk>/", "account of base", get="city admin"),
    row("people/<uuid:pk>/", "account of city", get="province admin"),
    row("people/<uuid:pk>/", "account of owner", get="admin"),
    row("people/<uuid:pk>/reset/", "account of teacher", post=f"{BASE} admin"),
    row("people/<uuid:pk>/reset/", "account of base", post="city admin"),
    row("people/<uuid:pk>/reset/", "account of city", post="province admin"),
    # --- The platform: what works behind the pages ------------------------------------------------------
    row("system/tasks/", get="admin"),
    row("system/tasks/<uuid:pk>/requeue/", "dead task", post="admin"),
    row("system/tasks/<uuid:pk>/requeue/", "waiting task", refused="admin"),
    # --- The province: its own seasons ----------------------------------------------------------------
    row("province/seasons/", get="province other_province"),
    row("province/seasons/new/", get="province other_province", post="province other_province"),
    row("province/seasons/<uuid:pk>/", "season", get="province", post="province"),
    row("province/seasons/<uuid:pk>/cities/", "season", post="province"),
    row("province/seasons/<uuid:pk>/cities/<uuid:own>/remove/", "season", post="province"),
    row("province/schemes/", get=KEEPERS),
    row("province/schemes/import/", get=KEEPERS, post=KEEPERS),
    row("province/schemes/import/template.xlsx", get=KEEPERS),
    row("province/schemes/import/<uuid:pk>/", "scheme import", get="province", post="province"),
    row("province/schemes/import/<uuid:pk>/failed.xlsx", "scheme import", get="province"),
    row("province/schemes/<uuid:pk>.xlsx", "scheme", get=KEEPERS),
    row("province/schemes/<uuid:pk>/", "scheme", get=KEEPERS),
    row("province/schemes/<uuid:pk>/drop/", "scheme", post=KEEPERS),
    # --- The log: a trainee's own; the ledger for all who see the rotation; the teacher's desk ----------
    row("training/rotations/ledger/", get=TRAINEE),
    row("training/rotations/<uuid:pk>/logbook/", "draft", get="drafter", post="drafter"),
    row("training/rotations/<uuid:pk>/logbook/", "submitted", get="owner", post="owner"),
    row("training/rotations/<uuid:pk>/logbook/submit/", "draft", post="drafter"),
    row("training/rotations/<uuid:pk>/logbook/nudge/", "draft", post="drafter"),
    row("training/rotations/<uuid:pk>/logbook/nudge/", "hers", refused="both"),  # nobody to be told
    row("training/rotations/<uuid:pk>/logbook/ledger/", "draft", get=f"drafter teacher {BASE}"),
    row("training/rotations/<uuid:pk>/logbook/ledger/", "elsewhere", get="stranger base_elsewhere"),
    row(LOG_IMPORT, "draft", get="drafter", post="drafter"),
    row(f"{LOG_IMPORT}template.xlsx", "draft", get="drafter"),
    row(f"{LOG_IMPORT}<uuid:kept>/", "log import", get="drafter", post="drafter"),
    row(f"{LOG_IMPORT}<uuid:kept>/failed.xlsx", "log import", get="drafter"),
    row("training/entries/<uuid:pk>/", "written entry", get="drafter", post="drafter"),
    row("training/entries/<uuid:pk>/", "pending entry", get="drafter", refused="drafter"),
    row("training/entries/<uuid:pk>/discard/", "written entry", post="drafter"),
    row("training/entries/<uuid:pk>/discard/", "pending entry", refused="drafter"),
    row("training/entries/<uuid:pk>/withdraw/", "pending entry", post="drafter"),
    row("training/entries/<uuid:pk>/withdraw/", "written entry", refused="drafter"),
    row("teaching/", get="teacher head"),
    row("teaching/decide/", post="teacher", refused="head"),
    row("teaching/<uuid:pk>/", "pending entry", get=f"teacher {BASE}"),
    row("teaching/<uuid:pk>/", "written entry", get=NOBODY),
)
