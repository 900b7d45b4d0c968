"""The address of exercises."""

from django.urls import path

from vaitiolo.breach.drills import views

app_name = "drills"
urlpatterns = [path("", views.exercises, name="exercises")]
