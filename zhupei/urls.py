from django.urls import include, path

from zhupei.completion import urls as completion
from zhupei.web.views import healthz

urlpatterns = [
    path("", include("zhupei.home.urls")),
    path("", include("zhupei.accounts.urls")),
    path("healthz", healthz, name="healthz"),
    path("notices/", include("zhupei.notifications.urls")),
    path("training/", include("zhupei.training.urls")),
    path("completion/", include(completion.trainee)),
    path("review/", include(completion.review_desk)),
    path("base/", include("zhupei.administration.urls")),
]
