from django.urls import path

from .views import administrator

app_name = "worker"

urlpatterns = [
    path("", administrator.tasks, name="tasks"),
    path("<uuid:pk>/requeue/", administrator.requeue, name="requeue"),
]
