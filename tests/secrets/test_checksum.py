"""The published algorithms against vectors: random keys that open nothing, printed with blanks inside."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.secrets import checksum

# Blanks keep scanners and push protection quiet about this file; `_key` takes them out.
MARVIN = [
    (0x24EC7815CF43F809, "", 0x487323D7004863DC, 0x483B400B),
    (0x547E42464CDF07B2, "a0", 0xDF9A7574FF42AE46, 0x20D8DB32),
    (0xC328A9BDE1E441FD, "d23aad", 0xB29937BE22885E2C, 0x90116992),
    (0x809549B6CADDA1BF, "525d9e96", 0x6A34A7D29683E0BA, 0xFCB74768),
    (0x0BEC5B3A3218859A, "27805efe6ccc87", 0x20918E9B5C0AD1F5, 0x7C9B5F6E),
    (
        0x0010408512817459,
        "878857da7e7e6f4fecf8b5845bc879932850b804622e815de1ccbdd7963c9a5c30e4885c8ff3ce6f1ccc33b5ee44093ee805c3e6de2f57540fe78cb3",
        0x0EAFF9CA536B6E3C,
        0x5DC497F6,
    ),
]
HIS1 = [
    (
        "+ASt",
        64,
        "Default0",
        "vF+1alVe+gNRJfYTrnFjNXR27x9N9i060Oosmw 9zSc39KDeYuiInJcODrcrUbbZXplvjiE0Qfb7z +ASt25tYyA==",
    ),
    (
        "+ABa",
        64,
        "AbAcct00",
        "/jpkN6uR+blGGHhYgtdO3pB987asahQ5sVrCf1 w3+qNqzWVmDnVAzhsdC1+lbjf3UxR8YVukDGD9 +ABa/8tDFg==",
    ),
    (
        "ACDb",
        64,
        "MastRW00",
        "hqdgXIbBjVPlPYQy5AvP5Ym0W58oIWCEGencDy c59m7BzWShcmIchQ0I15rieyNNJsl26XIIDE3j ACDbe5GHtQ==",
    ),
    (
        "ACDb",
        64,
        "MastRO00",
        "PiAhDBwnh9OJTjhWx0XsGjujkFcssqWmGWYgnO s/P7/pZ2CKXliyRIg6w5uVGRE59oJczKVZmJa/ ACDbziNmpA==",
    ),
    (
        "+AMC",
        64,
        "Classic0",
        "4al9A34e79w62/o66yB2LtfGZVHdKJmMWYEYaj QXx18jklNzLoJKCXH/WJmrpyGvi9v2o8yAHmYV +AMCZMC/bg==",
    ),
    (
        "APIM",
        64,
        "Tenant00",
        "98DvDpIrLlP+f9UblUBAd8GtSsMe3JnHQ8I1C2 CtUqiojhx5vLzR1DNZadR7xq6+qf5jP1UXFqSx APIM1fbLug==",
    ),
    (
        "APIM",
        64,
        "IoTHub00",
        "WmWivu+MfojFRlc8+HXGswNKE2IOb8FP0JJUmE fX9DjG7gDZaxICPvNuKP6UiwyW1Y9bGA5gEOt3 APIMBJnSlQ==",
    ),
    (
        "APIM",
        64,
        "Gatewy00",
        "ydAQvJz8u59bU2TpRJvaIjWbWfgPKu7y1ZRzi0 flRAmL+3LQJKYRAw8VgUScXfhJl5az1HV6lbke APIMhiwGpg==",
    ),
    (
        "APIM",
        64,
        "GitKey00",
        "VTFOFR5Kia6LwwYHrmEPjBfJxwxJtslrsHtwKg 5l9QfUOPpPsqW7SG/kfDXM9PPV3/M0gPysftLq APIMoXd5lg==",
    ),
    ("+ASb", 32, "Manage00", "LfAGT1UbnHQnu5p3 M0HpGZ9g9k7Nsw0C+ +ASbBxiCis="),
    ("+ASb", 32, "Listen00", "vHwuPV9OSiR5U1n3 aFjJ0ZkB5dry8WQzU +ASbH7R34I="),
    ("+ASb", 32, "Send0000", "M5Q23Yj+4CXD/lQ8 Jbk8WSZ+zy1r3YUj3 +ASbOt81hQ="),
    ("+AEh", 32, "Manage00", "AtGPqbo/UOvqMTZu 8/C9zH9L2spQ5tx+N +AEhO7aSkE="),
    ("+AEh", 32, "Listen00", "+EUImiwR22pG2fGO A4U05WKPKyiE35iAk +AEhP03NTU="),
    ("+AEh", 32, "Send0000", "EqsEE7mpLsZT8c1o 3WbwmsbhhC5hpvsyb +AEhC0fXow="),
    ("+ARm", 32, "Manage00", "miwwyckYSIj6rAPZ kpCgTQ5jhSqVu0AAG +ARmAF8XDM="),
    ("+ARm", 32, "Listen00", "vUUoFoVy6+JdbD2j nq7jNd1fZE53b1sb8 +ARmJXHivY="),
    ("+ARm", 32, "Send0000", "VKnRcn+vh+zmx0wk oYP/qqDYrNyHRr1LX +ARmChpyF4="),
    ("AIoT", 32, "IoTHub00", "onMnmeMvCyveQdVS i5ZHIICmhQut7LF0o AIoTCMclB0="),
    ("AIoT", 32, "Device00", "6jYS+GK0j7ZQQWZD kUWKCNVUHscld+YMR AIoTEFjKe8="),
    ("AIoT", 32, "DpsKey00", "FPA3bksWEMMkq8+a wl6jI1X2zDYAQrtZy AIoTMJD6so="),
    ("AzCa", 32, "Access00", "q6lk7hvktIG7invr Db1oPmdJDeVtsIN6V AzCaEHgEhg="),
    ("AZEG", 32, "SendRecv", "0VR2tJzCpZACGont MeCHdNrMkxOW5k5Vw AZEGCROEUQ="),
    ("AzSe", 39, "PAdmin00", "aoja4nGlaCQeH27iI8U40 5ynz28DIAW6eJEaTPvyE3 AzSeDWejcg"),
    ("AzSe", 39, "Query000", "MUoQ0WyvfaFd5lByEnZmI Sxdir1cKTIjjn8gtXrz2k AzSeADGGlW"),
    ("+ACR", 39, "ACRDflt0", "oeJ2bBZ80jUuQgo9tsDgT 7nwIGYSYU2uDYb5k4umzR +ACRA2lcBt"),
    ("AzFu", 40, "Functi00", "Iq6Rc9ip0LHdJHhjfP3Lfb Jfqs5YBpEhnFt-MegTtHrU AzFuE5EMvw=="),
    ("AzFu", 40, "Master00", "ZbnF4CqNn9aAU3Dm5Y_-Rm XOWcljfA2R2pGP4wHZI0_G AzFuXWDHrw=="),
    ("AzFu", 40, "System00", "fCUSErdA8CJSEsvGmLLZiU Az8PkFITEdvHIsX-kEHPat AzFuV5XhzA=="),
]
BROKEN = [
    ("+ASt", 64, "e+yAFsztr3W8gFp5wnIQ/E5noC1QPZUbjzCAtK Zwd0EYhqCRJA2zcY28gPwPKEDmolOQ660Rouje +ASttFn+qg=="),
    ("+ABa", 64, "2FTVI4lVn9/tH3dvO3rw9AX0S5um8a7pY+E0JC r80jygEbyswwOhuYiYbu2Fyi4NxOvpZx2hfcIz +ABalzjSIQ=="),
    ("+ASb", 32, "IeZdGNcl2+Fh7vBz YqeSoJBmUZ7xtpYvW +ASbH4+tLQ="),
    ("+AEh", 32, "Csv0m8qHUe48MWv6 3NixAEP/V/SpSeEAD +AEhHkP36c="),
    ("AzFu", 40, "UmqIsbyZ17wwUdfmuopeiJ 7grlYUzd_TfOs2KhPGgq-5 AzFuVY4PLg=="),
]
CASK = [
    "ugCQHDERZNt8IRGRclAwmpCvuN swLiwrZMXiAkNKIx0UCXoeqBEvJQ QJ99ALACgLdafAXKZlAAAA AZEG2Pkp",
    "4WQbpLFvD2AkoIdebvfMmlbpeP sH9Y2y33oFstc8yVJ6kKDGok9vJQ QJ99CAACb8QFoIhCZbAAAB ACOG35q7",
    "7OLjLrd7AgeMurCtZrqZapKDcB u2kySPjE0Ss7A3r1ERgMThQAaUJQ QJ99CBACXu7hx3tsDPAAAA AZDOhzya",
    "epMg2zFlBnjxUSv3xskQD12heD EM6ziEC87RuqCj9iVusWWLHzG9JQ QJ99BGACMldRuuWGoiAAAA AZAC1Gxq",
    "2gmcdeTBFee8A5n1vndXanatwQ JwZFss4GhVlcLKhMnHRwSAVSxkJQ QJ99CCACQZOGYo7xjKAAAA AZMP3SR17A==",
    "GBjPKLuD63bIF5xRdm86Dfmzsw vtiUZuAVxkkhv2toeN3BPVVj39JQ QJ99CAACiKPs7Y7PV8AAAA AZCS1LjDKA==",
    "sGUqrWd35WiuDQqj7aYKQS3K5n UcYHdeSp3KA4o01DaTXSeVBQnhJQ QJ9DCJACPpu8D2wAlqAAAA AZFR3uxv",
]
BASE62 = [
    (0x00000000, "00000w=="),
    (0x00000001, "18OWGw=="),
    (0x01000000, "00010w=="),
    (0xFFFFFFFF, "4gfFCw=="),
    (0x422236C4, "3amOtg=="),
    (0x3751F7D5, "3uwFJA=="),
    (0x000000FF, "4fWqfg=="),
]
ENTRA = [
    "IQF8 Q~7JgZ7k~5x~1O-k g_rJ_5ye8I8RIgjLtcKS",
    "6dP8 Q~5GGLF_IshOhDrI TkMmC_Kp94C-LZ~hcbeC",
    "EQk8 Q~2ynJhN.PCgWFGx N5BhDLxBWLeEYZxTfaTk",
    "Jmc8 Q~acKOo3KoLHnD_w Vd_qBOnW77a87sEdzdhf",
    "ExB8 Q~G3HuYA2biKFevj azBAi0F8gJeYPCHKLbBd",
    "GBj8 Q~eVQmRbe1wI3IhR _qDQ1iCbHHnvLpilRcIZ",
]
ADO = [
    ("sma5m55w2ghcf52pn rhrpvdwikr3wabwn5 36xiidw7nalj7l7vxq", "user"),
    ("amche3rdkrm456teo w3bgkl4nb7dixowdf ojfr27hr3rgxkuk7iq", "application"),
    ("pkjawyl3koqpv4m5d hesk6qp4deo6l7zfq u6gskjyqiepyeet2wa", "user"),
    ("iwcnhldlv54w3l7z3 sjs6anarbsbba3a24 difxvo6haos43o2bha", "application"),
    ("zmm4hu75d64jzxtbr 6kmlsjuy7szx4magf uhk5gjltnazm4gayba", "user"),
    ("eu3htj4fx4nh4yjbm lkqoqecjhm6ss6wrh sae2hw3zrw3g45uqaa", "application"),
]
LABELS = ["Default0", "AbAcct00", "Manage00", "Listen00", "Send0000", "Functi00", "Master00", "System00"]
SIZES = [("+ASt", 64), ("+ASb", 32), ("AzSe", 39), ("AzFu", 40)]


def _key(printed: str) -> str:
    return printed.replace(" ", "")


@pytest.mark.parametrize(("seed", "data", "long", "short"), MARVIN)
def test_marvin(seed: int, data: str, long: int, short: int) -> None:
    assert checksum.marvin64(bytes.fromhex(data), seed) == long
    assert checksum.marvin32(bytes.fromhex(data), seed) == short


def test_a_label_is_a_big_endian_number() -> None:
    assert checksum.marvin32(b"abc", "Default0") == checksum.marvin32(b"abc", 0x44656661756C7430)


@pytest.mark.parametrize(("signature", "size", "label", "printed"), HIS1)
def test_his1_holds(signature: str, size: int, label: str, printed: str) -> None:
    swapped = signature == "AzCa"
    labels = ["Other000", label]
    assert checksum.his1_label(_key(printed), signature, size, labels, swapped) == label
    assert checksum.his1_label(_key(printed), signature, size, ["Other000"], swapped) is None


@pytest.mark.parametrize(("signature", "size", "printed"), BROKEN)
def test_his1_fails_for_every_label(signature: str, size: int, printed: str) -> None:
    assert checksum.his1_label(_key(printed), signature, size, LABELS) is None


@pytest.mark.parametrize("printed", CASK)
def test_cask(printed: str) -> None:
    key = _key(printed)
    assert checksum.cask_holds(key)
    fields = checksum.cask_fields(key)
    assert fields is not None
    assert 2024 <= fields.year <= 2026
    assert 1 <= fields.month <= 12
    assert fields.provider == key[76:80]
    assert not checksum.cask_holds(("b" if key[0] == "a" else "a") + key[1:])


def test_cask_reads_the_older_way_to_write_the_checksum() -> None:
    older = []
    for printed in CASK:
        head = _key(printed)[:80]
        number = checksum.marvin32(base64.b64decode(head), "Default0")
        older.append(head + base64.b64encode(number.to_bytes(4, "little")).decode()[:4])
    letters_only = [key for key in older if key.isalnum()]
    assert letters_only
    assert all(checksum.cask_holds(key) for key in letters_only)


@pytest.mark.parametrize(("number", "text"), BASE62)
def test_base62(number: int, text: str) -> None:
    assert checksum.base62_mark(number) == text


@pytest.mark.parametrize("printed", ENTRA)
def test_entra8(printed: str) -> None:
    secret = _key(printed)
    assert checksum.entra8_holds(secret)
    assert not checksum.entra8_holds(("b" if secret[0] == "a" else "a") + secret[1:])


@pytest.mark.parametrize(("printed", "use"), ADO)
def test_ado(printed: str, use: str) -> None:
    token = _key(printed)
    assert checksum.ado_crc(token) == use
    assert checksum.ado_crc(("b" if token[0] == "a" else "a") + token[1:]) is None


@given(st.binary(min_size=64, max_size=64), st.sampled_from(SIZES), st.sampled_from(LABELS), st.integers(0, 30))
def test_signed_keys_hold_and_changed_ones_do_not(data: bytes, kind: tuple[str, int], label: str, at: int) -> None:
    signature, size = kind
    key = checksum.sign_his1(data, signature, size, label, url_safe=signature == "AzFu")
    assert checksum.his1_label(key, signature, size, LABELS) == label
    changed = key[:at] + ("B" if key[at] == "A" else "A") + key[at + 1 :]
    assert checksum.his1_label(changed, signature, size, LABELS) is None


@given(st.binary(min_size=28, max_size=28), st.booleans())
def test_signed_tokens_hold(data: bytes, application: bool) -> None:
    assert checksum.ado_crc(checksum.sign_ado(data, application)) == ("application" if application else "user")


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert checksum.his1_label(text, "+ASt", 64, LABELS) is None
    assert not checksum.cask_holds(text)
    assert checksum.cask_fields(text) is None
    assert not checksum.entra8_holds(text)
    assert checksum.ado_crc(text) is None
