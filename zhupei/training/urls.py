from django.urls import path

from .views import documents, papers, profile, rotations

app_name = "training"

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("profile/basic/", profile.basic, name="save_basic"),
    path("profile/education/", profile.education, name="add_education"),
    path("profile/education/<uuid:pk>/", profile.education, name="change_education"),
    path("profile/education/<uuid:pk>/remove/", profile.remove_education, name="remove_education"),
    path("profile/licence/", profile.licence, name="save_licence"),
    path("profile/documents/<str:kind>/", documents.lay, name="lay_document"),
    path("profile/pictures/<uuid:pk>/", documents.picture, name="picture"),
    path("profile/pictures/<uuid:pk>/small/", documents.picture, {"small": True}, name="small"),
    path("profile/pictures/<uuid:pk>/view/", documents.view_page, name="view_page"),
    path("profile/pictures/<uuid:pk>/remove/", documents.remove_page, name="remove_page"),
    path("rotations/", rotations.rotations, name="rotations"),
    path("rotations/<uuid:pk>/<slug:kind>.pdf", papers.print_paper, name="paper"),
]
