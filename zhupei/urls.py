from django.urls import include, path

from zhupei.completion import urls as completion
from zhupei.training import urls as training
from zhupei.web.views import healthz, kept_post

urlpatterns = [
    path("", include("zhupei.home.urls")),
    path("", include("zhupei.accounts.urls")),
    path("", include("zhupei.support.urls")),
    path("healthz", healthz, name="healthz"),
    path("kept/", kept_post, name="kept"),
    path("notices/", include("zhupei.notifications.urls")),
    path("training/", include("zhupei.training.urls")),
    path("teaching/exits/", include(training.exit_desk)),
    path("teaching/rotations/", include(training.arranging_desk)),
    path("teaching/", include(training.teaching_desk)),
    path("base/trainees/", include(training.plan_desk)),
    path("", include("zhupei.handoff.urls")),
    path("completion/", include(completion.trainee)),
    path("review/", include(completion.review_desk)),
    path("system/tasks/", include("zhupei.worker.urls")),
    path("", include("zhupei.administration.urls")),
]

handler400 = "zhupei.web.views.bad_request"
handler500 = "zhupei.web.views.server_error"
