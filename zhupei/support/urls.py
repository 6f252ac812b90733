from django.urls import path

from .views import public

app_name = "support"

urlpatterns = [
    path("news/", public.news, name="news"),
    path("news/<uuid:pk>/", public.announcement, name="announcement"),
    path("downloads/<slug:name>.pdf", public.sheet, name="sheet"),
]
