from app.health import router


def test_the_probe_has_a_route() -> None:
    assert [route.path for route in router.routes] == ["/health/live"]
