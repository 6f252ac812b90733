"""``zhupei check-image``, as a process: no site, no database."""

import json
import subprocess
import sys

from . import corpus, pictures


def check(*arguments):
    command = [sys.executable, "-m", "zhupei", "check-image", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_report_says_for_each_file_what_was_found_and_what_would_be_stored(tmp_path):
    good, lying, text = tmp_path / "good.jpg", tmp_path / "lying.png", tmp_path / "text.jpg"
    good.write_bytes(pictures.PORTRAIT_413x626)
    corpus.photo().rotate(90, expand=True).save(lying)
    text.write_text("hello")

    done = check("--as", "portrait", "--json", good, lying, text)
    first, second, third = json.loads(done.stdout)

    assert done.returncode == 1
    assert first["file"] == str(good)
    assert (first["accepted"], first["findings"]) == (True, [])
    assert first["fitted"].keys() == {"width", "height", "bytes"}
    assert second["accepted"] is False
    assert second["findings"][0]["weight"] == "blocks"
    assert (second["fitted"]["width"], second["fitted"]["height"]) == (413, 626)
    assert (third["accepted"], third["fitted"]) == (False, None)
    assert third["findings"][0].keys() == {"weight", "code", "text"}


def test_a_site_that_only_serves_pages_loads_no_opencv_and_no_dlib():
    code = (
        "import sys, django; django.setup(); import zhupei.urls, zhupei.wsgi\n"
        "print({'cv2', 'dlib', 'numpy', 'pypdfium2', 'pillow_heif'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
