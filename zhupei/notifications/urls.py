from django.urls import path

from .views import person

app_name = "notifications"

urlpatterns = [
    path("", person.notices, name="notices"),
    path("read/", person.mark_read, name="mark_read"),
]
