from photos.models import Photo


def test_a_photo_has_a_title() -> None:
    assert Photo._meta.get_field("title").max_length == 200
