from django.urls import path

from .views import base

app_name = "administration"

urlpatterns = [
    path("trainees/", base.trainees, name="trainees"),
    path("trainees/<uuid:pk>/", base.trainee, name="trainee"),
]
