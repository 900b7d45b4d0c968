"""Addresses of the page that whoever was told types in. None of them holds a code or a person."""

from django.urls import path, register_converter

from vaitiolo.breach.told import views


class Bucket:
    """Three hexadecimal digits."""

    regex = "[0-9a-f]{3}"

    def to_python(self, value: str) -> int:
        return int(value, 16)

    def to_url(self, value: int) -> str:
        return f"{value:03x}"


register_converter(Bucket, "bucket")

app_name = "told"
urlpatterns = [
    path("", views.page, name="page"),
    path("b/<bucket:number>.js", views.bucket, name="bucket"),
    path("reply/", views.reply, name="reply"),
    path("m/<bucket:number>.js", views.marks, name="marks"),
]
