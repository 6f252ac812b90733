from django.urls import include, path

from . import floors

urlpatterns = [
    path("floor/page/", floors.page),
    path("floor/write/", floors.write),
    path("", include("zhupei.urls")),
]
